// Wildcards (RFC 5228 §2.7.1) and what they take (RFC 5229 §3.2).

import Testing

@testable import RuleVM

struct GlobTests {
  /// Pattern, subject, and what each wildcard takes; nil where it does not match.
  static let cases: [(String, String, [String]?)] = [
    ("", "", []), ("", "a", nil), ("a", "a", []), ("a", "b", nil), ("a", "", nil),
    ("*", "", [""]), ("*", "abc", ["abc"]), ("?", "a", ["a"]), ("?", "", nil), ("??", "a", nil),
    ("a*", "abc", ["bc"]), ("*c", "abc", ["ab"]), ("a*c", "abc", ["b"]), ("a*c", "abd", nil),
    // As few bytes as possible, from the left.
    ("*a*", "banana", ["b", "nana"]), ("*an*", "banana", ["b", "ana"]),
    ("*-*", "a-b-c", ["a", "b-c"]), ("**", "abc", ["", "abc"]), ("*?", "abc", ["ab", "c"]),
    ("?*", "abc", ["a", "bc"]), ("*?*", "abc", ["", "a", "bc"]),
    // RFC 5229 §3.2, its examples.
    ("[*] *", "[acme-users] [fwd] version 1.0 is out", ["acme-users", "[fwd] version 1.0 is out"]),
    ("*@*", "coyote@ACME.Example.COM", ["coyote", "ACME.Example.COM"]),
    // The tail that must still fit.
    ("*.exe", "a.exe.exe", ["a.exe"]), ("a*b*c", "aXbYbZc", ["X", "YbZ"]), ("*ab", "aab", ["a"]),
    ("*aab", "aaaab", ["aa"]), ("a*a", "a", nil),
    // Backslash takes the next as it is.
    ("\\*", "*", []), ("\\*", "a", nil), ("\\?", "?", []), ("\\\\", "\\", []), ("a\\b", "ab", []),
    ("\\", "\\", []), ("*\\**", "a*b", ["a", "b"]),
    // A character is UTF-8, not a byte; broken bytes stand for themselves.
    ("?", "é", ["é"]), ("??", "é", nil), ("*é", "caféé", ["café"]), ("?", "€", ["€"]),
    ("?x", "😀x", ["😀"]), ("*", "日本", ["日本"]),
  ]

  @Test(arguments: cases)
  func match(_ pattern: String, _ subject: String, _ groups: [String]?) {
    let bytes = Array(subject.utf8)
    var glob = Glob()
    let hit = glob.match(bytes.span, Array(pattern.utf8).span, fold: false)
    #expect(hit == (groups != nil))
    guard hit else { return }
    #expect(glob.groups.map { String(decoding: bytes[$0], as: UTF8.self) } == groups)
  }

  @Test func brokenUTF8IsBytes() {
    let subject: [UInt8] = [0xC3, 0x41, 0xFF]
    var glob = Glob()
    let hit = glob.match(subject.span, Array("???".utf8).span, fold: false)
    #expect(hit)
    #expect(glob.groups == [0..<1, 1..<2, 2..<3])
  }

  private func matches(_ subject: String, _ pattern: String, fold: Bool) -> Bool {
    var glob = Glob()
    return glob.match(Array(subject.utf8).span, Array(pattern.utf8).span, fold: fold)
  }

  @Test func foldsASCIIOnly() {
    #expect(matches("ABc", "abc", fold: true))
    #expect(!matches("ABc", "abc", fold: false))
    #expect(!matches("É", "é", fold: true))
  }

  @Test func keepsAsManyGroupsAsTheMachineHas() {
    for (count, kept) in [(31, 31), (32, 32), (33, 32), (1_000, 32)] {
      let subject = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      var glob = Glob()
      let pattern = [UInt8](repeating: UInt8(ascii: "?"), count: count)
      let hit = glob.match(subject.span, pattern.span, fold: false)
      #expect(hit)
      #expect(glob.groups.count == kept)
    }
  }

  /// A star past the kept ones, which has to give back what later wildcards took.
  @Test func starsPastTheKeptGroups() {
    let pattern = Array((String(repeating: "?", count: 40) + "*?b").utf8)
    let subject = Array((String(repeating: "a", count: 50) + "b").utf8)
    var glob = Glob()
    let hit = glob.match(subject.span, pattern.span, fold: false)
    #expect(hit)
    #expect(glob.groups.count == 32)
  }

  @Test func endsAtItsSteps() {
    let subject = [UInt8](repeating: UInt8(ascii: "a"), count: 100)
    let pattern = Array("*aaab*".utf8)
    var free = Glob()
    let isFound = free.match(subject.span, pattern.span, fold: false)
    #expect(!isFound)
    #expect(free.steps > 100)
    let wanted = Array("*aaaa*".utf8)
    var least = Glob()
    let found = least.match(subject.span, wanted.span, fold: false)
    var exact = Glob(stepsMax: least.steps)
    let foundExactly = exact.match(subject.span, wanted.span, fold: false)
    var short = Glob(stepsMax: least.steps - 1)
    let foundShort = short.match(subject.span, wanted.span, fold: false)
    #expect(found && foundExactly && !foundShort)
    #expect(short.steps == least.steps)
  }
}

struct TextSearchTests {
  private func contains(_ subject: String, _ needle: String, _ folding: Bool = false) -> Bool {
    Array(subject.utf8).span.contains(Array(needle.utf8).span, folding: folding)
  }

  @Test(arguments: [
    ("", "", true), ("a", "", true), ("", "a", false), ("abc", "abc", true), ("abc", "c", true),
    ("abc", "abcd", false), ("aab", "ab", true), ("abab", "bb", false),
  ])
  func find(subject: String, needle: String, expected: Bool) {
    #expect(contains(subject, needle) == expected)
  }

  @Test func folds() {
    #expect(contains("Big DEAL", "deal", true) && !contains("Big DEAL", "deal", false))
  }

  /// Texts that repeat themselves, where the search changes its way in the middle.
  @Test func agreesWithTheSimpleSearchOnRepetitions() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let subject = (0..<Int.random(in: 1...200, using: &random)).map { _ in
        UInt8.random(in: 97...98, using: &random) & (Bool.random(using: &random) ? 0xFF : 0x61)
      }
      let needle = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        UInt8.random(in: 97...98, using: &random) & (Bool.random(using: &random) ? 0xFF : 0x61)
      }
      let simple =
        needle.count <= subject.count
        && (0...(subject.count - needle.count)).contains {
          Array(subject[$0..<$0 + needle.count]) == needle
        }
      let found = subject.span.contains(needle.span, folding: false)
      #expect(found == simple)
    }
  }

  @Test func repetitionsOfAMegabyte() {
    let subject = [UInt8](repeating: 97, count: 1 << 20)
    var needle = [UInt8](repeating: 97, count: 1 << 19)
    let found = subject.span.contains(needle.span, folding: true)
    needle[needle.count - 1] = 98
    let foundOther = subject.span.contains(needle.span, folding: true)
    #expect(found && !foundOther)
  }
}
