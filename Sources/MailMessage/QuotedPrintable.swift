// quoted-printable (RFC 2045 §6.7) and the Q encoding of header words (RFC 2047 §4.2).
// Decoded generously: lower-case digits count, and a sign that escapes nothing stays as it is.

struct QuotedPrintable {
  private let variant: ContentVariant
  /// A sign escaped nothing.
  private var hasStraySign = false
  /// Letters among the digits of escapes: no program writes both cases.
  private var hasUpper = false
  private var hasLower = false

  private init(variant: ContentVariant) { self.variant = variant }

  private var isWellFormed: Bool { !hasStraySign && !(hasUpper && hasLower) }

  /// Appends what a body decodes to; its line ends stay as they are. Returns whether it was well
  /// formed; lower-case digits alone are no fault, though RFC 2045 §6.7 forbids them.
  static func append(
    _ bytes: Span<UInt8>, as variant: ContentVariant = .standard, to output: inout [UInt8]
  ) -> Bool {
    var decoder = QuotedPrintable(variant: variant)
    output.reserve(adding: bytes.count)
    // Nothing decodes to more bytes than it has.
    output.append(addingCapacity: bytes.count) { out in
      var line = 0
      while line < bytes.count {
        let found = ByteScan.firstIndex(
          of: ASCII.lineFeed, in: bytes, from: line, to: bytes.count)
        let next = found.map { $0 + 1 } ?? bytes.count
        decoder.appendLine(bytes, line..<next, to: &out)
        line = next
      }
    }
    return decoder.isWellFormed
  }

  /// Whether `bytes` is quoted-printable without any fault; nothing is kept of it.
  static func isWellFormed(_ bytes: Span<UInt8>) -> Bool {
    var decoder = QuotedPrintable(variant: .standard)
    var position = 0
    while decoder.isWellFormed,
      let sign = ByteScan.firstIndex(
        of: ASCII.equals, in: bytes, from: position, to: bytes.count)
    {
      position = sign + 1
      if decoder.escaped(bytes, sign, bytes.count) != nil {
        position += 2
        continue
      }
      while position < bytes.count, ASCII.isBlank(bytes[position]) { position += 1 }
      while position < bytes.count, bytes[position] == ASCII.carriageReturn { position += 1 }
      if position < bytes.count, bytes[position] != ASCII.lineFeed { decoder.hasStraySign = true }
    }
    return decoder.isWellFormed
  }

  /// One line with its end. Blanks before the end were added on the way (rule 3); an equals sign
  /// before it is a soft line break (rule 5).
  private mutating func appendLine(
    _ bytes: Span<UInt8>, _ line: Range<Int>, to output: inout OutputSpan<UInt8>
  ) {
    var endStart = line.upperBound
    while endStart > line.lowerBound, Self.isLineEnd(bytes[endStart - 1]) { endStart -= 1 }
    var end = endStart
    while end > line.lowerBound, ASCII.isBlank(bytes[end - 1]) { end -= 1 }
    let isSoft = end > line.lowerBound && bytes[end - 1] == ASCII.equals
    appendEscaped(bytes, line.lowerBound..<(isSoft ? end - 1 : end), to: &output)
    if !isSoft { output.append(copying: bytes.extracting(endStart..<line.upperBound)) }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.lineFeed || byte == ASCII.carriageReturn
  }

  private mutating func appendEscaped(
    _ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout OutputSpan<UInt8>
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
        hasStraySign = true
        index = min(end, sign + bytesDropped(bytes, sign, end))
        if variant == .standard { output.append(ASCII.equals) }
      }
    }
  }

  /// How many bytes go with a sign that escapes nothing. Before a bare CR it is a soft line break
  /// for those that take CR for a line end.
  private func bytesDropped(_ bytes: Span<UInt8>, _ sign: Int, _ end: Int) -> Int {
    if variant != .standard, sign + 1 < end, bytes[sign + 1] == ASCII.carriageReturn { return 2 }
    return switch variant {
    case .pairDropped: 2
    case .escapeDropped, .lowerCaseDropped: 3
    default: 1
    }
  }

  /// The byte that `=41` at `sign` stands for.
  private mutating func escaped(_ bytes: Span<UInt8>, _ sign: Int, _ end: Int) -> UInt8? {
    guard let value = Self.escaped(bytes, sign, end) else { return nil }
    note(bytes[sign + 1])
    note(bytes[sign + 2])
    let isLower = bytes[sign + 1] > 96 || bytes[sign + 2] > 96
    return isLower && variant == .lowerCaseDropped ? nil : value
  }

  private mutating func note(_ digit: UInt8) {
    guard digit > 64 else { return }
    if digit < 97 { hasUpper = true } else { hasLower = true }
  }

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
      if byte == ASCII.equals, let value = Self.escaped(bytes, index, bytes.count) {
        output.append(value)
        index += 3
      } else {
        output.append(byte == 95 ? ASCII.space : byte)
        index += 1
      }
    }
  }
}
