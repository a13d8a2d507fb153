// quoted-printable (RFC 2045 §6.7) and the Q encoding of header words (RFC 2047 §4.2).
// Decoded generously: lower-case digits count, and a sign that escapes nothing stays as it is.

enum QuotedPrintable {
  /// Appends what a body decodes to; its line ends stay as they are.
  static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    output.reserve(adding: bytes.count)
    var line = 0
    while line < bytes.count {
      let found = ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: line, to: bytes.count)
      let next = found.map { $0 + 1 } ?? bytes.count
      appendLine(bytes, line..<next, to: &output)
      line = next
    }
  }

  /// One line with its end. Blanks before the end were added on the way (rule 3); an equals sign
  /// before it is a soft line break (rule 5).
  private static func appendLine(
    _ bytes: Span<UInt8>, _ line: Range<Int>, to output: inout [UInt8]
  ) {
    var endStart = line.upperBound
    while endStart > line.lowerBound, isLineEnd(bytes[endStart - 1]) { endStart -= 1 }
    var end = endStart
    while end > line.lowerBound, ASCII.isBlank(bytes[end - 1]) { end -= 1 }
    let isSoft = end > line.lowerBound && bytes[end - 1] == ASCII.equals
    appendEscaped(bytes, line.lowerBound..<(isSoft ? end - 1 : end), to: &output)
    if !isSoft { output.append(copying: bytes.extracting(endStart..<line.upperBound)) }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.lineFeed || byte == ASCII.carriageReturn
  }

  private static func appendEscaped(
    _ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    var index = range.lowerBound
    let end = range.upperBound
    while index < end {
      let sign =
        ByteScan.firstIndex(of: ASCII.equals, in: bytes, from: index, to: end) ?? end
      if sign > index { output.append(copying: bytes.extracting(index..<sign)) }
      guard sign < end else { return }
      if let byte = escaped(bytes, sign, end) {
        output.append(byte)
        index = sign + 3
      } else {
        output.append(ASCII.equals)
        index = sign + 1
      }
    }
  }

  /// The byte that `=41` at `sign` stands for.
  private static func escaped(_ bytes: Span<UInt8>, _ sign: Int, _ end: Int) -> UInt8? {
    guard sign + 2 < end, let high = ASCII.hex(bytes[sign + 1]),
      let low = ASCII.hex(bytes[sign + 2])
    else { return nil }
    return high << 4 | low
  }

  /// Appends the text of an encoded word: an underscore is a blank (RFC 2047 §4.2).
  static func appendWord(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == ASCII.equals, let value = escaped(bytes, index, bytes.count) {
        output.append(value)
        index += 3
      } else {
        output.append(byte == 95 ? ASCII.space : byte)
        index += 1
      }
    }
  }
}
