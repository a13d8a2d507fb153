// The body of a part that a rule writes: its bytes, and how they are encoded.

/// An encoded body and the name of its encoding.
struct EncodedBody: Equatable, Sendable {
  let bytes: [UInt8]
  /// The value of Content-Transfer-Encoding.
  let encoding: String
}

enum TextBody {
  /// Bytes of a line without its end (RFC 5322 §2.1.1, RFC 2045 §2.7).
  static let lineBytesMax = 998

  /// Text as UTF-8 with CRLF line ends: 7bit where that is safe, else whichever of
  /// quoted-printable and base64 is smaller.
  static func encode(text: [UInt8]) -> EncodedBody { encode(lines: canonical(text)) }

  /// The same of lines that end with CRLF, in whatever charset.
  static func encode(lines: [UInt8]) -> EncodedBody {
    if isSafe(lines.span) { return EncodedBody(bytes: lines, encoding: "7bit") }
    var quoted: [UInt8] = []
    QuotedPrintable.append(lines.span, to: &quoted)
    if quoted.count <= Base64.encodedCount(lines.count) {
      return EncodedBody(bytes: quoted, encoding: "quoted-printable")
    }
    return encode(data: lines)
  }

  static func encode(data: [UInt8]) -> EncodedBody {
    var encoded: [UInt8] = []
    Base64.appendLines(data.span, to: &encoded)
    return EncodedBody(bytes: encoded, encoding: "base64")
  }

  /// Valid UTF-8, each line end CRLF, the last line ended. Empty text stays empty.
  static func canonical(_ text: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(text.count + 16)
    var previous: UInt8 = 0
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      switch byte {
      case 0x0A where previous == 0x0D: break
      case 0x0A, 0x0D: lines.append(contentsOf: [0x0D, 0x0A])
      default: lines.append(byte)
      }
      previous = byte
    }
    if !lines.isEmpty, lines[lines.count - 1] != 0x0A { lines.append(contentsOf: [0x0D, 0x0A]) }
    return lines
  }

  /// True for canonical text that needs no encoding and cannot be taken for structure, not even
  /// for a boundary of ours ("=_").
  static func isSafe(_ bytes: Span<UInt8>, allowing8Bit: Bool = false) -> Bool {
    var lineStart = 0
    var previous: UInt8 = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if index == lineStart, QuotedPrintable.isStructure(bytes, index) { return false }
      if byte == 0x5F, previous == 0x3D { return false }
      previous = byte
      switch byte {
      case 0x0A: lineStart = index + 1
      case 0x0D: if index - lineStart > lineBytesMax { return false }
      case 0x09, 0x20..<0x7F: continue
      case 0x80... where allowing8Bit: continue
      default: return false
      }
    }
    return true
  }
}
