// Words looked for in a sender's bytes, letters of either case being equal.
internal import MailMessage

enum ByteSearch {
  /// Where `word`, in lower case, first stands in that range.
  ///
  /// Costs up to the word's length for each byte, so words are short and constant.
  static func firstIndex(
    of word: [UInt8], in bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    guard let first = word.first, range.count >= word.count else { return nil }
    let last = range.upperBound - word.count
    var start = range.lowerBound
    let upper = first &- 97 < 26 ? first & 0xDF : first
    while start <= last {
      let byte = bytes[start]
      if byte == first || byte == upper, holds(word, bytes, at: start) { return start }
      start += 1
    }
    return nil
  }

  /// The word in UTF-16, up to its last letter.
  static func wide(_ word: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in word.utf8 { bytes += [byte, 0] }
    return Array(bytes.dropLast())
  }

  static func contains(_ word: [UInt8], in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    firstIndex(of: word, in: bytes, range) != nil
  }

  static func contains(_ word: [UInt8], in bytes: Span<UInt8>) -> Bool {
    firstIndex(of: word, in: bytes, 0..<bytes.count) != nil
  }

  /// Whether `word`, in lower case, stands at `start`.
  static func holds(_ word: [UInt8], _ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard start >= 0, bytes.count - start >= word.count else { return false }
    for offset in word.indices where ASCII.lower(bytes[start + offset]) != word[offset] {
      return false
    }
    return true
  }
}
