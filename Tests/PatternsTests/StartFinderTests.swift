// The automaton that finds where a match begins, against PCRE2 on random patterns and texts.

import Patterns
import Testing

@Suite struct StartFinderTests {
  @Test(arguments: UInt64(100)...107)
  func findsWhatPCRE2Finds(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var found = 0
    for _ in 0..<120 {
      let pattern = Self.pattern(depth: 2, &random)
      let isCaseless = Bool.random(using: &random)
      guard let finder = StartFinder(pattern, isCaseless: isCaseless) else { continue }
      let compiled = try CompiledPattern(pattern, PatternOptions(isCaseless: isCaseless))
      var matcher = try PatternMatcher(groupsMax: 1)
      for _ in 0..<40 {
        let text = Self.text(&random)
        let outcome = matcher.match(compiled, text.span, limits: MatchLimits(stepsMax: 10_000_000))
        let expected = outcome == .match ? matcher.group(0)?.lowerBound : nil
        var work = 0
        let start = finder.start(in: text.span, work: &work)
        #expect(start == expected, "\(pattern) on \(String(decoding: text, as: UTF8.self)) \(text)")
        let any = finder.start(in: text.span, anyPlace: true, work: &work)
        #expect((any == nil) == (expected == nil))
        found += expected == nil ? 0 : 1
      }
    }
    #expect(found > 500)
  }

  /// A text that makes state after state costs a bounded number of them for each byte.
  @Test func beginsAnewWhenItIsFull() throws {
    let finder = try #require(StartFinder("a.{14}b$", isCaseless: false))
    var random = SplitMix(state: 7)
    let text = (0..<20_000).map { _ in UInt8.random(in: 97...98, using: &random) } + [97]
    var work = 0
    _ = finder.start(in: text.span, work: &work)
    let compiled = try CompiledPattern("[ab]a.{14}b")
    let other = try #require(StartFinder("[ab]a.{14}b", isCaseless: false))
    var matcher = try PatternMatcher(groupsMax: 1)
    #expect(matcher.match(compiled, text.span, limits: MatchLimits()) == .match)
    #expect(other.start(in: text.span, work: &work) == matcher.group(0)?.lowerBound)
    #expect(work > 1_000 && work <= 2 * text.count + 4)
  }

  @Test(arguments: ["(a)\\1", "(?=a)b", "a++b", "(?>a)b", "(?m)^a", "a{9000}"])
  func leavesWhatNoAutomatonMatches(_ pattern: String) {
    #expect(StartFinder(pattern, isCaseless: false) == nil)
  }

  private static func pattern(depth: Int, _ random: inout SplitMix) -> String {
    let atoms = [
      "a", "b", "A", "ü", "[ab]", ".", "\\w", "[^a]", "\\b", "\\B", "^", "$", "k", "[^\\x00-\\x7f]",
      "\\s", "(?:)",
    ]
    let suffixes = ["", "", "", "*", "+", "?", "{0,2}", "{2,}", "*?"]
    var text = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
      case 0...3:
        let atom = atoms.randomElement(using: &random) ?? "a"
        text += atom
        if ["\\b", "\\B", "^", "$", "(?:)"].contains(atom) { continue }
      case 4: text += "(" + pattern(depth: depth - 1, &random) + ")"
      default:
        let left = pattern(depth: depth - 1, &random)
        text += "(?:" + left + "|" + pattern(depth: depth - 1, &random) + ")"
      }
      text += suffixes.randomElement(using: &random) ?? ""
    }
    return text
  }

  private static func text(_ random: inout SplitMix) -> [UInt8] {
    let pieces: [[UInt8]] = [
      [97], [97], [98], [65], [32], [10], [0xC3, 0xBC], [0xC3, 0x9C], [107], [0x1A],
      [0xE2, 0x84, 0xAA],
    ]
    return (0..<Int.random(in: 0...9, using: &random)).flatMap { _ in
      pieces.randomElement(using: &random) ?? []
    }
  }
}
