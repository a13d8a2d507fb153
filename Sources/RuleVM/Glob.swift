// Wildcard match of RFC 5228 §2.7.1 with the match variables of RFC 5229 §3.2.
internal import RuleBytecode

/// `*` any run of bytes, as few as possible; `?` one character; backslash takes the next literally.
/// Worst case subject × pattern steps, no recursion; `stepsMax` ends it.
struct Glob {
  /// Where the first wildcards matched, as ranges of the subject.
  private(set) var groups: [Range<Int>] = []
  /// Comparisons made, for the fuel.
  private(set) var steps = 0
  /// Past so many comparisons the answer is no; `steps` is then more than this.
  let stepsMax: Int
  /// Wildcards so far, those past `groups` included.
  private var groupCount = 0

  /// Where each byte of the subject comes from: bytes of one place are one character. Nil where
  /// the subject is as it came.
  private let places: [Int]?

  init(stepsMax: Int = .max, places: [Int]? = nil) {
    self.stepsMax = stepsMax
    self.places = places
  }

  private static let groupsMax = ImageFormat.matchGroupsMax - 1

  private struct Star {
    var pattern: Int
    var subject: Int
    var groupCount: Int
  }

  /// Matches the whole subject. With `fold`, ASCII letters of the subject are taken as lower
  /// case; the pattern must be folded already.
  mutating func match(_ subject: Span<UInt8>, _ pattern: Span<UInt8>, fold: Bool) -> Bool {
    groups = []
    groupCount = 0
    var star: Star?
    var s = 0
    var p = 0
    while true {
      steps += 1
      guard steps <= stepsMax else { return false }
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        took(s..<s)
        star = Star(pattern: p + 1, subject: s, groupCount: groupCount)
        p += 1
        continue
      }
      if p == pattern.count, s == subject.count { return true }
      if let width = step(subject, s, pattern, p, fold: fold) {
        s += width.subject
        p += width.pattern
        continue
      }
      // Let the latest star take one character more.
      guard var last = star, last.subject < subject.count else { return false }
      last.subject += characterBytes(subject, last.subject)
      star = last
      groupCount = last.groupCount
      groups.removeLast(groups.count - min(groupCount, groups.count))
      if groupCount <= Self.groupsMax {
        groups[groupCount - 1] = groups[groupCount - 1].lowerBound..<last.subject
      }
      s = last.subject
      p = last.pattern
    }
  }

  private mutating func took(_ range: Range<Int>) {
    groupCount += 1
    if groupCount <= Self.groupsMax { groups.append(range) }
  }

  /// Bytes that one pattern element and its subject take; nil when they differ.
  private mutating func step(
    _ subject: Span<UInt8>, _ s: Int, _ pattern: Span<UInt8>, _ p: Int, fold: Bool
  ) -> (subject: Int, pattern: Int)? {
    guard p < pattern.count, s < subject.count else { return nil }
    if pattern[p] == UInt8(ascii: "?") {
      let width = characterBytes(subject, s)
      took(s..<s + width)
      return (width, 1)
    }
    let escaped = pattern[p] == UInt8(ascii: "\\") && p + 1 < pattern.count
    let wanted = pattern[escaped ? p + 1 : p]
    let found = fold ? subject[s].foldedASCII : subject[s]
    return found == wanted ? (1, escaped ? 2 : 1) : nil
  }

  /// Length of the character at an offset; 1 where there is no UTF-8.
  private func characterBytes(_ bytes: Span<UInt8>, _ at: Int) -> Int {
    if let places {
      var end = at + 1
      while end < bytes.count, places[end] == places[at] { end += 1 }
      return end - at
    }
    let lead = bytes[at]
    let length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard at + length <= bytes.count else { return 1 }
    for offset in 1..<max(length, 1) where bytes[at + offset] & 0xC0 != 0x80 { return 1 }
    return length
  }
}

extension UInt8 {
  /// Lower case for ASCII letters, itself else (i;ascii-casemap the other way round).
  @inline(__always)
  var foldedASCII: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}
