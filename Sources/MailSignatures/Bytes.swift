// Bytes with a meaning in signatures, and small questions about ranges of them.

enum Byte {
  static let tab: UInt8 = 9
  static let lineFeed: UInt8 = 10
  static let carriageReturn: UInt8 = 13
  static let space: UInt8 = 32
  static let dot: UInt8 = 46
  static let colon: UInt8 = 58
  static let semicolon: UInt8 = 59
  static let equals: UInt8 = 61
  static let at: UInt8 = 64

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  static func isFolding(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == lineFeed || byte == carriageReturn
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || isDigit(byte)
  }

  static func hex(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - 48 }
    let folded = byte | 0x20
    return folded &- 97 < 6 ? folded - 87 : nil
  }

  /// The range without blanks and line ends around it.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, isFolding(bytes[lower]) { lower += 1 }
    while upper > lower, isFolding(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  /// The pieces between `separator`, each trimmed.
  static func pieces(
    _ bytes: Span<UInt8>, _ range: Range<Int>, separator: UInt8
  ) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where bytes[index] == separator {
      pieces.append(trimmed(bytes, start..<index))
      start = index + 1
    }
    pieces.append(trimmed(bytes, start..<range.upperBound))
    return pieces
  }
}
