// quoted-printable (RFC 2045 §6.7) for text whose line ends are CRLF.
//
// Beyond the RFC, what stands at the start of a line is encoded where it could be taken for
// structure: "--" (a delimiter of an enclosing multipart, so mail-controlled text cannot close the
// part it is written into), "From " (mailbox files), "." (SMTP).

enum QuotedPrintable {
  /// Characters of a line, its soft break included (RFC 2045 §6.7 rule 5).
  static let lineCharactersMax = 76

  private static let hex: [UInt8] = Array("0123456789ABCDEF".utf8)

  static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    var column = 0
    var index = 0
    while index < bytes.count {
      if isLineEnd(bytes, index) {
        output.append(0x0D)
        output.append(0x0A)
        column = 0
        index += 2
        continue
      }
      var literal = isLiteral(bytes, index) && !(column == 0 && isStructure(bytes, index))
      // One place is kept for the soft break, unless the line ends here.
      let room = lineCharactersMax - (isLineEnd(bytes, index + 1) ? 0 : 1)
      if column + (literal ? 1 : 3) > room {
        output.append(contentsOf: [0x3D, 0x0D, 0x0A])
        column = 0
        literal = isLiteral(bytes, index) && !isStructure(bytes, index)
      }
      if literal { output.append(bytes[index]) } else { appendEscape(bytes[index], to: &output) }
      column += literal ? 1 : 3
      index += 1
    }
  }

  static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(0x3D)
    output.append(hex[Int(byte >> 4)])
    output.append(hex[Int(byte & 0x0F)])
  }

  /// True where text at a line's start could be read as structure.
  static func isStructure(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "-"): return index + 1 < bytes.count && bytes[index + 1] == 0x2D
    case UInt8(ascii: "."): return true
    case UInt8(ascii: "F"):
      let rest: [UInt8] = Array("rom ".utf8)
      guard index + rest.count < bytes.count else { return false }
      for offset in rest.indices where bytes[index + 1 + offset] != rest[offset] { return false }
      return true
    default: return false
    }
  }

  private static func isLineEnd(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == 0x0D && bytes[index + 1] == 0x0A
  }

  private static func isLiteral(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    let byte = bytes[index]
    if byte == 0x20 || byte == 0x09 {
      // Blanks at a line's end are lost on the way (rule 3).
      return index + 1 < bytes.count && !isLineEnd(bytes, index + 1)
    }
    return byte > 0x20 && byte < 0x7F && byte != 0x3D
  }
}
