// base64 as MIME writes it (RFC 2045 §6.8): lines of 76 characters, CRLF after each.
internal import MailMessage

enum Base64 {
  /// Characters of a line: 57 bytes.
  private static let lineBytes = 57

  /// The size of what `appendLines` writes for `count` bytes.
  static func encodedCount(_ count: Int) -> Int {
    let lines = (count + lineBytes - 1) / lineBytes
    return (count + 2) / 3 * 4 + 2 * lines
  }

  static func appendLines(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    output.reserveCapacity(output.count + encodedCount(bytes.count))
    var start = 0
    while start < bytes.count {
      let end = min(start + lineBytes, bytes.count)
      Base64Encoder.append(bytes.extracting(start..<end), to: &output)
      output.append(0x0D)
      output.append(0x0A)
      start = end
    }
  }

  /// Whether it is written as `appendLines` writes it, but for the length of lines, which is within
  /// what mail can have: nobody reads it in two ways.
  static func isCanonical(_ bytes: Span<UInt8>) -> Bool {
    var signs = 0
    var padding = 0
    var lineStart = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2F:
        if padding > 0 { return false }
        signs += 1
      case 0x3D: padding += 1
      case 0x0D:
        guard index + 1 < bytes.count, bytes[index + 1] == 0x0A, index > lineStart,
          index - lineStart <= QuotedPrintable.lineCharactersMax
        else { return false }
        index += 1
        lineStart = index + 1
      default: return false
      }
      index += 1
    }
    return padding < 3 && (signs + padding) % 4 == 0
      && bytes.count - lineStart <= QuotedPrintable.lineCharactersMax
  }
}
