// A fixed set of words in ASCII, asked with bytes in either case: no copy is made of them.

struct WordSet: Sendable {
  private let words: [[UInt8]]
  /// Open addressing: the index of a word and one, or 0. At most half of it is taken.
  private let slots: [UInt16]

  init(_ text: String) {
    words = text.split(separator: " ").map { Array($0.utf8) }
    var size = 4
    while size < 2 * words.count + 2 { size *= 2 }
    var slots = [UInt16](repeating: 0, count: size)
    for (index, word) in words.enumerated() {
      var slot = Self.hash(word.span, word.indices) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt16(index + 1)
    }
    self.slots = slots
  }

  func contains(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var slot = Self.hash(text, range) & (slots.count - 1)
    while slots[slot] != 0 {
      let word = words[Int(slots[slot]) - 1]
      if word.count == range.count, isEqual(word, text, range.lowerBound) { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }

  private func isEqual(_ word: [UInt8], _ text: Span<UInt8>, _ start: Int) -> Bool {
    for offset in word.indices where word[offset] != Self.lower(text[start + offset]) {
      return false
    }
    return true
  }

  /// FNV-1a. Words that were made to collide cost a few steps: the table is half empty.
  private static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for index in range { hash = (hash ^ UInt32(lower(text[index]))) &* 16_777_619 }
    return Int(hash ^ hash >> 15)
  }

  @inline(__always)
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
