// Looking for a text in a text, in linear time whatever the two are: both may come from the sender.

extension Span<UInt8> {
  /// Whether the needle occurs. With `folding`, ASCII letters of self count as lower case; the
  /// needle must be folded already. The empty needle is in everything (RFC 5228 §2.7.1).
  func contains(_ needle: Span<UInt8>, folding: Bool) -> Bool {
    guard needle.count > 0 else { return true }
    guard needle.count <= count else { return false }
    // Comparing at each place is the quickest on real text; on text made to repeat itself it
    // would take count × needle steps, so its steps are counted and the rest is searched by
    // the needle's borders.
    var left = 4 * count
    for start in 0...(count - needle.count) {
      let common = commonPrefix(needle, at: start, folding: folding)
      if common == needle.count { return true }
      left -= common
      guard left > 0 else { return containsByBorders(needle, from: start, folding: folding) }
    }
    return false
  }

  @inline(__always)
  private func byte(_ index: Int, _ folding: Bool) -> UInt8 {
    folding ? self[index].foldedASCII : self[index]
  }

  private func commonPrefix(_ needle: Span<UInt8>, at start: Int, folding: Bool) -> Int {
    var length = 0
    while length < needle.count, byte(start + length, folding) == needle[length] { length += 1 }
    return length
  }

  /// Knuth, Morris and Pratt: no byte of self is read twice.
  private func containsByBorders(_ needle: Span<UInt8>, from start: Int, folding: Bool) -> Bool {
    let borders = needle.borders
    var matched = 0
    for index in start..<count {
      let next = byte(index, folding)
      while matched > 0, needle[matched] != next { matched = borders[matched - 1] }
      if needle[matched] == next { matched += 1 }
      if matched == needle.count { return true }
    }
    return false
  }

  /// For each prefix, the length of its longest proper prefix that is also its suffix.
  private var borders: [Int] {
    var result = Array(repeating: 0, count: count)
    var length = 0
    for index in 1..<Swift.max(count, 1) {
      while length > 0, self[index] != self[length] { length = result[length - 1] }
      if self[index] == self[length] { length += 1 }
      result[index] = length
    }
    return result
  }
}
