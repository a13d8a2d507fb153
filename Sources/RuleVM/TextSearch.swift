// Looking for a text in a text, in linear time whatever the two are: both may come from the sender.
internal import MailMessage

extension Span<UInt8> {
  /// Whether the needle occurs. With `folding`, ASCII letters of self count as lower case; the
  /// needle must be folded already. The empty needle is in everything (RFC 5228 §2.7.1).
  func contains(_ needle: Span<UInt8>, folding: Bool) -> Bool {
    guard needle.count > 0 else { return true }
    guard needle.count <= count else { return false }
    // Looking where the needle's rarest byte stands is the quickest on real text; on text made to
    // hold it everywhere it would take count × needle steps, so its steps are counted and the
    // rest is searched by the needle's borders.
    var left = 4 * count
    let rare = needle.rarestPlace(folding: folding)
    var scan = RareByteScan(needle[rare], folding: folding, from: rare)
    let end = count - needle.count + rare + 1
    while let hit = scan.next(in: self, to: end) {
      let start = hit - rare
      let common = commonPrefix(needle, at: start, folding: folding)
      if common == needle.count { return true }
      left -= common + Self.stepsOfScan
      guard left > 0 else { return containsByBorders(needle, from: start, folding: folding) }
    }
    return false
  }

  /// Beginning a scan takes as long as so many comparisons.
  private static var stepsOfScan: Int { 8 }

  /// Where the byte stands that mail holds the fewest of; one without case when that matters, since
  /// a letter is looked for twice.
  private func rarestPlace(folding: Bool) -> Int {
    var best = 0
    var least = Int.max
    for index in 0..<Swift.min(count, 64) {
      let rank = Self.frequency(of: self[index], folding: folding)
      if rank < least { (best, least) = (index, rank) }
    }
    return best
  }

  private static func frequency(of byte: UInt8, folding: Bool) -> Int {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "e"), UInt8(ascii: "a"), UInt8(ascii: "t"),
      UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "n"), UInt8(ascii: "s"),
      UInt8(ascii: "r"):
      5
    case UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "x"), UInt8(ascii: "z"):
      folding ? 2 : 1
    case 65...90, 97...122: folding ? 4 : 3
    case 48...57: 2
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "/"): 2
    default: 1
    }
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

/// The places of one byte, in both cases when it is a letter that is folded. Each case has a place
/// of its own, so that no byte is passed twice.
private struct RareByteScan {
  private let lower: UInt8
  private let upper: UInt8
  private var from: Int
  /// The next places at or behind `from`; the end when there is none, nil when not looked for.
  private var nextLower: Int?
  private var nextUpper: Int?

  init(_ byte: UInt8, folding: Bool, from: Int) {
    lower = byte
    upper = folding && byte >= 97 && byte <= 122 ? byte - 32 : byte
    self.from = from
  }

  mutating func next(in text: Span<UInt8>, to end: Int) -> Int? {
    let one = Self.place(of: lower, nextLower, text, from, end)
    nextLower = one
    var hit = one
    if upper != lower {
      let other = Self.place(of: upper, nextUpper, text, from, end)
      nextUpper = other
      hit = min(hit, other)
    }
    guard hit < end else { return nil }
    from = hit + 1
    return hit
  }

  private static func place(
    of byte: UInt8, _ known: Int?, _ text: Span<UInt8>, _ from: Int, _ end: Int
  ) -> Int {
    if let known, known >= from { return known }
    return ByteScan.firstIndex(of: byte, in: text, from: from, to: end) ?? end
  }
}
