// PCRE2 behind its door: groups, mistakes, limits, and texts that are no UTF-8.

import Patterns
import Testing

@Suite struct PatternDoorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let pattern: String
    let subject: [UInt8]
    let groups: [Range<Int>?]?
    var isCaseless = false

    init(_ pattern: String, _ subject: String, _ groups: [Range<Int>?]?, caseless: Bool = false) {
      self.init(pattern, Array(subject.utf8), groups, caseless: caseless)
    }

    init(_ pattern: String, _ bytes: [UInt8], _ groups: [Range<Int>?]?, caseless: Bool = false) {
      self.pattern = pattern
      subject = bytes
      self.groups = groups
      isCaseless = caseless
    }

    var testDescription: String { "\(pattern) on \(subject)" }
  }

  @Test(arguments: [
    Case("a(b)?(c)", "xac", [1..<3, nil, 2..<3]),
    Case("a(b)?(c)", "xad", nil),
    Case("", "", [0..<0]),
    Case("^$", "", [0..<0]),
    Case("É", "é", [0..<2], caseless: true),
    Case("É", "é", nil),
    // One character, whatever its length.
    Case("^.$", "ü", [0..<2]),
    // `.` takes line ends, `$` is the end alone, as in POSIX.
    Case("a.b", "a\nb", [0..<3]),
    Case("a$", "a\n", nil),
    Case("(?m)^b$", "a\r\nb\r\n", [3..<4]),
    Case("[[:alpha:]]+", "12ab", [2..<4]),
    // Bytes that are no UTF-8 match nothing and hide nothing behind them.
    Case("b", [0xFF, 0x62], [1..<2]),
    Case("a.b", [0x61, 0xFF, 0x62], nil),
    Case("a.b", [0xC3, 0x61, 0xC3, 0xBC, 0x62, 0xC3], [1..<5]),
    Case("x", [0xED, 0xA0, 0x80], nil),
  ])
  func matches(_ example: Case) throws {
    let pattern = try CompiledPattern(
      example.pattern, PatternOptions(isCaseless: example.isCaseless))
    var matcher = try PatternMatcher(groupsMax: 10)
    let outcome = matcher.match(pattern, example.subject.span, limits: MatchLimits())
    guard let groups = example.groups else {
      #expect(outcome == .noMatch)
      return
    }
    #expect(outcome == .match)
    #expect(pattern.groupCount == groups.count - 1)
    #expect((0..<groups.count).map { matcher.group($0) } == groups)
  }

  @Test func startsWhereItIsTold() throws {
    let pattern = try CompiledPattern("b+")
    var matcher = try PatternMatcher(groupsMax: 1)
    let subject = Array("bab".utf8)
    #expect(matcher.match(pattern, subject.span, from: 1, limits: MatchLimits()) == .match)
    #expect(matcher.group(0) == 2..<3)
    let anchored = matcher.match(
      pattern, subject.span, from: 1, isAnchored: true, limits: MatchLimits())
    #expect(anchored == .noMatch)
  }

  @Test func keepsNoMoreGroupsThanThereIsRoomFor() throws {
    let pattern = try CompiledPattern("(a)(b)(c)")
    var matcher = try PatternMatcher(groupsMax: 2)
    let subject = Array("abc".utf8)
    #expect(matcher.match(pattern, subject.span, limits: MatchLimits()) == .match)
    #expect(matcher.group(1) == 0..<1)
    #expect(matcher.group(2) == nil)
    #expect(matcher.group(-1) == nil)
  }

  @Test(arguments: [
    ("a(b", 3), ("a)", 1), ("[a", 2), ("*a", 0), ("a{3,2}", 5), ("\\", 1), ("(?<=a+)b", 0),
    ("[z-a]", 3), ("a\\Cb", 3), ("(?P<n>a)(?P<n>b)", 14), ("[[:nope:]]", 3),
  ])
  func saysWhereAPatternIsWrong(_ pattern: String, _ offset: Int) {
    let mistake = #expect(throws: PatternMistake.self) { try CompiledPattern(pattern) }
    #expect(mistake?.offset == offset)
    #expect(mistake?.message.isEmpty == false)
  }

  @Test func boundsTheTextOfAPattern() throws {
    var limits = PatternLimits()
    limits.sourceBytesMax = 10
    limits.nestingMax = 3
    _ = try CompiledPattern("aaaaaaaaaa", limits: limits)
    #expect(throws: PatternMistake.self) { try CompiledPattern("aaaaaaaaaaa", limits: limits) }
    _ = try CompiledPattern("(((a)))", limits: limits)
    #expect(throws: PatternMistake.self) { try CompiledPattern("((((a))))", limits: limits) }
  }

  @Test(arguments: [true, false])
  func endsAtTheLimit(_ isOptimized: Bool) throws {
    let pattern = try CompiledPattern(
      "^(a+)+$", PatternOptions(isOptimized: isOptimized))
    var matcher = try PatternMatcher(groupsMax: 2)
    let subject = Array((String(repeating: "a", count: 40) + "!").utf8)
    #expect(matcher.match(pattern, subject.span, limits: MatchLimits()) == .limit)
  }

  @Test func aPatternCannotRaiseItsLimit() throws {
    let pattern = try CompiledPattern("(*LIMIT_MATCH=4000000000)^(a+)+$")
    var matcher = try PatternMatcher(groupsMax: 2)
    let subject = Array((String(repeating: "a", count: 40) + "!").utf8)
    #expect(matcher.match(pattern, subject.span, limits: MatchLimits(stepsMax: 500)) == .limit)
  }

  /// A loop over a group takes more than the machine code's own stack: the interpreter answers.
  @Test func goesOnWhereTheMachineCodeRunsOutOfStack() throws {
    let pattern = try CompiledPattern("^(?:a(?:x|b)|ca)*d$")
    var matcher = try PatternMatcher(groupsMax: 2)
    let subject = Array((String(repeating: "abaxca", count: 20_000) + "d").utf8)
    var limits = MatchLimits(stepsMax: 1_000_000)
    limits.depthMax = 1_000_000
    limits.heapKiBMax = 65_536
    #expect(matcher.match(pattern, subject.span, limits: limits) == .match)
    // A matcher keeps the memory that it has.
    var other = try PatternMatcher(groupsMax: 2)
    limits.heapKiBMax = 64
    #expect(other.match(pattern, subject.span, limits: limits) == .limit)
  }
}

@Suite struct CountedPatternTests {
  /// The limit is over all places of the text, where PCRE2's own is for each.
  @Test(arguments: ["(a+)+$", "a+$", "(?:a|b)*[cd]"])
  func countsOverAllPlaces(_ source: String) throws {
    let pattern = try CompiledPattern(source, PatternOptions(countsSteps: true))
    var matcher = try PatternMatcher(groupsMax: 2)
    let subject = Array((String(repeating: "a", count: 2_000) + "!").utf8)
    let limits = MatchLimits(stepsMax: 20_000)
    #expect(matcher.match(pattern, subject.span, limits: limits) == .limit)
    #expect(matcher.stepsTaken(of: limits) == 20_000)
  }

  @Test func answersInsideItsLimit() throws {
    let pattern = try CompiledPattern("(a)\\1", PatternOptions(countsSteps: true))
    var matcher = try PatternMatcher(groupsMax: 2)
    let limits = MatchLimits(stepsMax: 100)
    #expect(matcher.match(pattern, Array("xaa".utf8).span, limits: limits) == .match)
    #expect(matcher.group(1) == 1..<2)
    let taken = matcher.stepsTaken(of: limits)
    #expect(taken > 0 && taken < 20)
    // One step less than it took is one too few.
    let few = MatchLimits(stepsMax: UInt32(taken - 1))
    #expect(matcher.match(pattern, Array("xaa".utf8).span, limits: few) == .limit)
    let enough = MatchLimits(stepsMax: UInt32(taken))
    #expect(matcher.match(pattern, Array("xaa".utf8).span, limits: enough) == .match)
  }

  @Test func lendsMatchersToManyAtOnce() throws {
    let pool = MatcherPool(groupsMax: 1)
    let pattern = try CompiledPattern("b")
    let nested = pool.lend { outer in
      pool.lend { inner in
        (
          outer.match(pattern, Array("ab".utf8).span, limits: MatchLimits()),
          inner.match(pattern, Array("aa".utf8).span, limits: MatchLimits())
        )
      }
    }
    let answers = try #require(nested ?? nil)
    #expect(answers == (.match, .noMatch))
  }
}
