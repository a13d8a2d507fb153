// Words in a sender's bytes.

enum Words {
  /// Whether `word`, in lower case, stands at `start`, letters of either case being equal.
  static func holds(_ word: StaticString, _ page: Span<UInt8>, at start: Int) -> Bool {
    guard start >= 0, page.count - start >= word.utf8CodeUnitCount else { return false }
    var offset = start
    for scalar in word.description.utf8 {
      if WordSet.lower(page[offset]) != scalar { return false }
      offset += 1
    }
    return true
  }
}
