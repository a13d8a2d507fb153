// Bytes with a meaning in mail, and comparisons that fold ASCII letters only: header names, tokens
// and the comparator i;ascii-casemap (RFC 4790 §9.2) know no other case.

/// Named bytes and case-insensitive comparison.
package enum ASCII {
  package static let nul: UInt8 = 0
  package static let tab: UInt8 = 9
  package static let lineFeed: UInt8 = 10
  package static let carriageReturn: UInt8 = 13
  package static let space: UInt8 = 32
  package static let quote: UInt8 = 34
  package static let open: UInt8 = 40
  package static let close: UInt8 = 41
  package static let star: UInt8 = 42
  package static let dash: UInt8 = 45
  package static let dot: UInt8 = 46
  package static let slash: UInt8 = 47
  package static let colon: UInt8 = 58
  package static let semicolon: UInt8 = 59
  package static let equals: UInt8 = 61
  package static let question: UInt8 = 63
  package static let at: UInt8 = 64
  package static let backslash: UInt8 = 92

  /// The byte with A–Z made a–z.
  @inline(__always)
  package static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 65 < 26 ? byte | 0x20 : byte
  }

  /// Whether a blank (space or tab, RFC 5234 WSP).
  @inline(__always)
  package static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  /// Whether a blank, CR or LF: what folding is made of.
  @inline(__always)
  package static func isFolding(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == lineFeed || byte == carriageReturn
  }

  package static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  package static func isAlphanumeric(_ byte: UInt8) -> Bool {
    lower(byte) &- 97 < 26 || isDigit(byte)
  }

  /// Whether a digit, and its value.
  package static func digit(_ byte: UInt8) -> Int? { byte &- 48 < 10 ? Int(byte - 48) : nil }

  /// The value of a hexadecimal digit of either case.
  package static func hex(_ byte: UInt8) -> UInt8? {
    if byte &- 48 < 10 { return byte - 48 }
    let folded = byte | 0x20
    return folded &- 97 < 6 ? folded - 87 : nil
  }

  /// Whether both are the same but for the case of ASCII letters.
  package static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in left.indices where lower(left[index]) != lower(right[index]) { return false }
    return true
  }

  /// -1, 0 or 1: the order by bytes, ASCII letters folded.
  package static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    for index in 0..<min(left.count, right.count) {
      let one = lower(left[index])
      let two = lower(right[index])
      if one != two { return one < two ? -1 : 1 }
    }
    return left.count == right.count ? 0 : (left.count < right.count ? -1 : 1)
  }

  /// Where `needle` first stands in `hay`, ASCII letters folded; an empty needle stands at 0.
  ///
  /// Costs up to `needle.count * hay.count` on bytes made for it: charge for that.
  package static func firstIndex(of needle: Span<UInt8>, in hay: Span<UInt8>) -> Int? {
    guard needle.count > 0 else { return 0 }
    guard needle.count <= hay.count else { return nil }
    let first = lower(needle[0])
    for start in 0...(hay.count - needle.count) where lower(hay[start]) == first {
      var length = 1
      while length < needle.count, lower(hay[start + length]) == lower(needle[length]) {
        length += 1
      }
      if length == needle.count { return start }
    }
    return nil
  }

  /// The bytes of `range` without blanks and line ends around them.
  package static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, isFolding(bytes[lower]) { lower += 1 }
    while upper > lower, isFolding(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// A copy of the bytes of `range`, A–Z made a–z.
  package static func lowered(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    range.map { lower(bytes[$0]) }
  }
}

extension Array where Element == UInt8 {
  /// Makes room for `count` bytes more, at least doubling: many small steps stay linear.
  mutating func reserve(adding count: Int) {
    guard capacity - self.count < count else { return }
    reserveCapacity(Swift.max(self.count + count, 2 * capacity))
  }
}
