// What a match must hold: texts known by hand, and random patterns on random texts, where whatever
// PCRE2 finds has to hold one of them.

import Testing

@testable import Patterns

@Suite struct NeedsTests {
  @Test(arguments: [
    ("viagra", ["viagra"]), ("(?:cialis|viagra) now", ["cialis now", "viagra now"]),
    ("v[i1l]agra", ["v1agra", "viagra", "vlagra"]), ("colou?r", ["color", "colour"]),
    ("foo.*barbaz", ["barbaz"]), ("foo+ar", ["foo"]), ("fo+bar", ["obar"]),
    ("(?:ab){2}c", ["ababc"]), ("(?:abc){2,}d", ["abcabcd"]), ("(?:abc)*de", []),
    ("(?:abc|)", []), ("abc|de", []), ("(abc|d.e)", []), ("(abcd|x.*efg)", ["abcd", "efg"]),
    ("\\bfree\\b.{0,20}\\bmoney\\b", ["money"]), ("^\\[abc\\]$", ["[abc]"]),
    ("\\Qa.b*c\\E+", ["a.b*c"]), ("a(?#b)bc # d", ["abc # d"]), ("(?x) a b c # d", ["abc"]),
    ("(?i)kiss", ["kiss"]), ("(?=abc)x", []), ("(?<!abc)def", ["def"]), ("(abc)\\1", []),
    ("ab(?:c|d|e)", ["abc", "abd", "abe"]), ("[a-z]bc", []), ("[abcdefghijklmnopq]xyz", ["xyz"]),
    ("\\x41\\x{42}C", ["abc"]), ("a\\tbc", ["a\tbc"]), ("\\d\\d\\d", []), ("ab\\x1Acd", []),
    ("(?i:ab)(?-i:CD)", ["abcd"]), ("Ä1", ["Ä1", "ä1"]), ("ab\\Kcd", ["abcd"]),
    (
      "(?>abc|abd)e",
      [
        "abce", "abde",
      ]
    ),
    ("(?|abc|abd)", ["abc", "abd"]), ("(?<n>abc)d", ["abcd"]), ("a{3}", ["aaa"]),
    ("a{0}bcd", ["bcd"]), ("ab(?#c){2}c", ["abbc"]),
    (
      "(?:ab?c){3}",
      [
        "abcabcabc", "abcabcac", "abcacabc", "abcacac", "acabcabc", "acabcac", "acacabc", "acacac",
      ]
    ),
  ])
  func texts(_ pattern: String, _ expected: [String]) throws {
    _ = try CompiledPattern(pattern)
    let found = PatternNeeds(pattern, isCaseless: true).texts?.texts ?? []
    #expect(found.map { String(decoding: $0, as: UTF8.self) }.sorted() == expected.sorted())
  }

  @Test(arguments: [("kiss", true, true), ("kiss", false, false), ("bar", true, false)])
  func thirdForms(_ pattern: String, _ isCaseless: Bool, _ expected: Bool) {
    let found = PatternNeeds(pattern, isCaseless: isCaseless).texts
    #expect(found?.hasThirdForms == expected)
  }

  /// What stands in capitals between letters of either case is looked for in lower case too.
  @Test func capitalsAmongFoldedLetters() throws {
    let found = try #require(PatternNeeds("(?i:ab)CDE", isCaseless: false).literal)
    #expect(found == RequiredLiteral(bytes: Array("abcde".utf8), isFolded: true))
  }

  @Test func limits() {
    var limits = PatternLimits()
    limits.literalsMax = 2
    limits.literalWaysMax = 2
    limits.literalBytesMax = 6
    func texts(_ pattern: String) -> Int {
      PatternNeeds(pattern, isCaseless: false, limits: limits).texts?.texts.count ?? 0
    }
    #expect(texts("(abc|abd)") == 2 && texts("(abc|abd|abe)") == 0)
    #expect(texts("xyz[ab]") == 2)
    let long = PatternNeeds("abcdef", isCaseless: false, limits: limits).texts
    let longer = PatternNeeds("abcdefg", isCaseless: false, limits: limits).texts
    #expect(long?.texts == [Array("abcdef".utf8)] && longer?.texts == [Array("abcdef".utf8)])
    limits.literalBytesMin = 4
    #expect(texts("abcd") == 1 && texts("abc") == 0)
  }

  /// Every letter that has cases, against all others: what PCRE2 takes for it is in its set.
  @Test func caseFoldingHoldsWhatPCRE2Takes() throws {
    let cased = (UInt32(0)...0x1FFFF).compactMap(Unicode.Scalar.init).filter {
      $0.properties.isCased || $0.properties.changesWhenCaseMapped
        || $0.properties.changesWhenCaseFolded
    }
    let text = cased.reduce(into: "") { $0.unicodeScalars.append($1) }
    let bytes = Array(text.utf8)
    var matcher = try PatternMatcher(groupsMax: 1)
    var pairs = 0
    for scalar in cased {
      let pattern = try CompiledPattern(String(scalar), PatternOptions(isCaseless: true))
      let set = ScalarSet(scalar.value).foldingCase.set
      var start = 0
      while matcher.match(pattern, bytes.span, from: start, limits: MatchLimits()) == .match {
        let group = matcher.group(0)
        let range = try #require(group)
        start = range.upperBound
        let found = String(decoding: bytes[range], as: UTF8.self).unicodeScalars.first
        pairs += 1
        let value = try #require(found?.value)
        #expect(set.contains(value), "\(scalar.value) takes \(value)")
      }
    }
    #expect(pairs > cased.count * 3 / 2)
  }

  // MARK: Random

  @Test(arguments: UInt64(1)...8)
  func everyMatchHoldsOne(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var (matched, needing) = (0, 0)
    var matcher = try PatternMatcher(groupsMax: 1)
    for _ in 0..<400 {
      let pattern = RandomNeeds.pattern(depth: 3, &random)
      let isCaseless = Bool.random(using: &random)
      guard let compiled = try? CompiledPattern(pattern, PatternOptions(isCaseless: isCaseless))
      else { continue }
      let needs = PatternNeeds(pattern, isCaseless: isCaseless)
      needing += needs.texts == nil ? 0 : 1
      for _ in 0..<25 {
        let text = RandomNeeds.text(&random)
        let outcome = matcher.match(compiled, text.span, limits: MatchLimits())
        guard outcome == .match else { continue }
        matched += 1
        #expect(needs.allow(text), "\(pattern) on \(String(decoding: text, as: UTF8.self))")
      }
    }
    #expect(matched > 1_000 && needing > 50, "\(matched), \(needing)")
  }
}

extension PatternNeeds {
  fileprivate func allow(_ text: [UInt8]) -> Bool {
    let lower = text.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
    let string = String(decoding: text, as: UTF8.self).unicodeScalars
    let isThird =
      texts?.hasThirdForms == true && string.contains { [0x212A, 0x17F].contains($0.value) }
    let one = isThird || texts?.texts.contains { lower.holds($0) } ?? true
    return one && (literal.map { ($0.isFolded ? lower : text).holds($0.bytes) } ?? true)
  }
}

extension [UInt8] {
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    part.isEmpty || indices.contains { self[$0...].starts(with: part) }
  }
}

/// Patterns with everything that the reader knows, and texts of the same few letters.
private enum RandomNeeds {
  static func pattern(depth: Int, _ random: inout SplitMix) -> String {
    let atoms = [
      "a", "b", "k", "s", "S", "ab", "ks", "bab", "[ab]", "[ks]", "[^a]", "baba", "kksb", "bas",
      ".", "\\w", "é", "É", "ſ",
      "\\x61", "\\x{212a}", "\\Qa.b\\E", "\\.", "\\d", "(?#x)", "[a-k]", "σ", "\\b", "^", "$",
      "[[:alpha:]]", "\\R", "\\K", "\\s", "ß",
    ]
    let suffixes = ["", "", "", "", "*", "+", "?", "{2}", "{0,2}", "{2,}", "*?", "+?", "++", "{0}"]
    let heads = [
      "(", "(?:", "(?i:", "(?-i:", "(?>", "(?|", "(?i)(", "(?x: ", "(?=", "(?!", "(?<=k|",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var atom: String
      switch Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &random) {
      case 0...4: atom = atoms.randomElement(using: &random) ?? "a"
      case 5, 6:
        let head = heads.randomElement(using: &random) ?? "("
        // A look behind takes texts of fixed length only.
        atom =
          head.hasPrefix("(?<=") ? head + "a)" : head + pattern(depth: depth - 1, &random) + ")"
      default:
        let left = pattern(depth: depth - 1, &random)
        atom = "(?:" + left + "|" + pattern(depth: depth - 1, &random) + ")"
      }
      atom += suffixes.randomElement(using: &random) ?? ""
      text += atom
    }
    return text
  }

  static func text(_ random: inout SplitMix) -> [UInt8] {
    let letters = [
      "a", "b", "k", "s", "A", "B", "K", "S", "ſ", "\u{212A}", "é", "É", "a.b", "\r\n",
    ]
    let odd = [" ", "1", "σ", "ς", "Σ", "ß", "ẞ", "x", "bab", "aaa", "kkss"]
    return (0..<Int.random(in: 0...16, using: &random)).flatMap { _ in
      let isOdd = Int.random(in: 0..<8, using: &random) == 0
      return Array(((isOdd ? odd : letters).randomElement(using: &random) ?? "a").utf8)
    }
  }
}
