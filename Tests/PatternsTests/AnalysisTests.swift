// The analysis against PCRE2 itself: what it calls explosive is run on the text that it prints, and
// the steps must grow as it says; what it calls harmless is run on long and nasty texts.

import Patterns
import Testing

@Suite struct AnalysisTests {
  // MARK: Explosive

  /// Two to the length, or worse.
  static let exponential = [
    "(a+)+$", "^(a+)+$", "^(a*)*$", "^(a|a)*$", "^(a|aa)+$", "^([a-z]+)*$", "^(\\w+\\s?)*$",
    "^(\\d+)*x", "(x+x+)+y", "^(.*)*x", "^(?:a?b?c?)*d", "^(a?b?)*c", "(?:[a-z0-9]+-?)+@",
    "^(([a-z])+.)+[A-Z]([a-z])+$", "^(\\w|\\d)+$", "^(foo|fo+)*!", "(?:a|ab|b)+c", "^(a+|b+)*c",
    "((ab)*|(ba)*)*x$", "^(?:(?:\\w+,?)+;)+$", "(?i)^(a|A)*b", "^(.|\\s)*x",
    "([\\w.-]+)+@example\\.com", "^(?:\\s*\\w+\\s*)*;$", "(\"[^\"]*\"|[^,]*)*x",
    "^(<[^>]*>|.)*!$", "(?:\\d{1,30})+x", "^([^@]+|@a)*[^@]*@b", "(?:aa|a){1,}b", "^(a{1,2})*b",
  ]

  /// A power of the length.
  static let polynomial = [
    "^\\s*\\s*x", "^.*.*x", "^a*a*b", "^\\w+\\d+!", "^\\d+\\d+\\d+x", "^.*foo.*bar!",
    "^[a-z]+[a-z0-9]+@", "^\\s*,?\\s*;", "^(.*),(.*),(.*)!$", "^a*b?a*c", "^\\S+.*x$",
    "^.+@.+\\.com$", "^[^,]*.*;", "^x*(?:x|y)*z", "^(?:ab)*(?:ab)*c", "^.*a.*b", "\\s*\\s*$",
    "a*a*$", "^\\d*\\.?\\d*x", "^(?:\\w+\\.)*\\w*\\.?\\w*!", "^[ab]*[bc]*d", "^(a*)(a*)b",
    "^a+b*a+b*c*a*d", "^\\w*_\\w*-", "^.*-.*-.*=", "^(?:a|b)*b(?:a|b)*c", "(a|b)*a(a|c)*d$",
    "^a*(?:b?a)*c", "^[^\"]*\"?[^\"]*=", "^((?:x|xy)*)y*(?:xy)*z", "^.*?a.*?b.*?c$",
    "^\\w+\\s*\\w*;", "^a{2,}a{2,}b",
  ]

  @Test(arguments: exponential)
  func findsExponentialGrowth(_ pattern: String) throws {
    let found = try explosion(of: pattern)
    #expect(found.growth == .exponential)
    let few = try steps(pattern, found.attack.text(repetitions: 6))
    let more = try steps(pattern, found.attack.text(repetitions: 9))
    // Three repetitions more: at least eight times the paths, less what is lost at the start.
    #expect(more >= few * 4, "\(few) then \(more) on \(found.attack.description)")
  }

  @Test(arguments: polynomial)
  func findsPolynomialGrowth(_ pattern: String) throws {
    let found = try explosion(of: pattern)
    #expect(found.growth != .exponential)
    let few = try steps(pattern, found.attack.text(repetitions: 40))
    let more = try steps(pattern, found.attack.text(repetitions: 160))
    // Four times the length: sixteen times the paths for a square, four for a straight line.
    #expect(more >= few * 8, "\(few) then \(more) on \(found.attack.description)")
  }

  @Test(arguments: ["^(a?){30}a{30}$", "^(?:a|b|ab){20}c", "^(x?x?){12}y", "^a{0,400}a{0,400}b"])
  func findsTooManyPathsInAShortText(_ pattern: String) throws {
    let found = try explosion(of: pattern)
    #expect(found.growth == .constant)
    let text = found.attack.text(repetitions: 1)
    #expect(try steps(pattern, text) > 20 * text.utf8.count)
  }

  @Test(arguments: [
    ("x(a+)+y", [2..<3]), ("^.*foo.*bar!", [1..<2, 6..<7]), ("ü\\s*\\s*$", [2..<4, 5..<7]),
  ])
  func pointsAtWhatFightsForTheText(_ pattern: String, _ places: [Range<Int>]) throws {
    #expect(try explosion(of: pattern).places == places)
  }

  // MARK: Harmless

  /// What people write in mail filters.
  static let everyday = [
    "viagra", "^\\[SPAM\\]", "(viagra|cialis|levitra)", "\\bfree\\b.*\\bmoney\\b",
    "^[0-9]+$", "^[a-z0-9._%+-]+@example\\.com$", "[a-z0-9._%+-]+@example\\.com",
    "^(.+)@example\\.org$", "^[^@]+@[^@]+$", "@(.*\\.)?example\\.com$",
    "^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$", "\\.(exe|scr|bat|cmd|pif|vbs|js)$", "^\\s*$",
    "^Re: ?", "^(Re|Fwd|AW|WG): .*", "\\d{1,3}(\\.\\d{1,3}){3}", "<([^<>]+)>", "\\(([^()]*)\\)",
    "^.{0,78}$", "^.{200,}$", "[\\x80-\\xff]", "[^\\x00-\\x7f]{10,}", "https?://[^/]+/",
    "https?://[^\\s\"'<>]+", "^https?://(www\\.)?example\\.(com|net|org)(/.*)?$",
    "[A-Z]{5,}", "\\${2,}", "!{3,}$", "(?i)unsubscribe", "^\"[^\"]*\"$", "^<[^@>]+@([^>]+)>$",
    "=\\?([^?]+)\\?[bBqQ]\\?([^?]*)\\?=", "^(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}$",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}", "(\\d{4}[- ]?){3}\\d{4}", "\\b\\d{3}-\\d{2}-\\d{4}\\b",
    "^text/(plain|html)(;.*)?$", "charset=\"?([A-Za-z0-9_-]+)\"?", "boundary=\"([^\"]+)\"",
    "^multipart/", "name=.*\\.exe", "from ([^ ]+) \\(([^)]+)\\)", "by (\\S+) with E?SMTPS?",
    "^X-.*-Status$", "YES$", "score=(-?\\d+\\.\\d+)", "^list-(unsubscribe|id|help)$",
    "(?i)^(mail|web|post)master@", "^bounce-\\d+@", "[0-9]+%", "make \\$?[0-9,]+", "^$", ".",
    "\\p{Cyrillic}", "\\p{Lu}{4,}", "[[:upper:]]{6}", "^[[:space:]]*[[:alpha:]]",
    "dear (sir|madam|friend|customer)", "\\bwin(ner|ning|s)?\\b", "v[i1!|]agra",
    "v.{0,3}i.{0,3}a.{0,3}g.{0,3}r.{0,3}a", "(?:100|fifty) ?%", "(\\w)@", "a.b.c", "^a|b$",
    "\\s+$", "^.*$", ".*foo.*", "^.*spam", "^(?!.*internal).*$", "^(?=.*urgent)Subject",
    "(?<!no-)reply@", "foo(?=bar)", "^\\S++ \\S++$", "^(?>[a-z]+)[0-9]", "report-\\d+\\.zip$",
    "^[^.]+\\.[^.]+$", "^([^.]+\\.)+[^.]+$", "^([a-z]+,)*[a-z]+$", "^(\\w+ )*\\w+$",
    "invoice[ _-]?(no\\.?|number)?[ _-]?\\d+", "x{2,5}y", "^([0-9a-f]{2})+$", "a*b", "^a*",
    "(?:ab)+c", "^(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"\\s]+)@", "(?x) a b  # nothing",
    "^.{0,100}foo", "foo.{0,100}bar", "\\Qa.b\\E+c", "^(?<user>[^@]+)@", "[]a]", "[^]a]",
  ]

  @Test(arguments: everyday)
  func acceptsWhatPeopleWrite(_ pattern: String) throws {
    _ = try CompiledPattern(pattern)
    let analysis = PatternAnalysis(pattern, isCaseless: false)
    guard case .bounded(let factor, let needsStart) = analysis.verdict else {
      Issue.record("\(pattern): \(analysis.verdict)")
      return
    }
    // The bound holds on long texts, whatever they are made of.
    for text in NastyTexts.texts(for: pattern, length: 200) {
      let places = needsStart ? text.utf8.count + 1 : 1
      let bound = factor * places * (text.utf8.count + 2) * 2
      #expect(try steps(pattern, text, atMost: bound) <= bound, "\(text.prefix(60))")
    }
  }

  @Test(arguments: [
    "(a)\\1", "(?R)?a", "a(?1)(b)", "(?(1)a|b)", "(*COMMIT)a", "a\\Xb", "\\k<n>(?<n>a)",
    "(?=a+)b", "^a*(?=b*c)x", "(?:(?=a*)b)*", "(?<n>a)(?&n)", "\\g{-1}(a)", "(?=(?=a)b)c",
  ])
  func saysWhatItCannotJudge(_ pattern: String) {
    let analysis = PatternAnalysis(pattern, isCaseless: false)
    guard case .unread(let feature) = analysis.verdict else {
      Issue.record("\(analysis.verdict)")
      return
    }
    #expect(!feature.name.isEmpty)
  }

  @Test func sizesEndTheAnalysisNotTheCompiler() {
    var limits = PatternLimits()
    limits.positionsMax = 10
    let nine = PatternAnalysis("^aaaaaaaa", isCaseless: false, limits: limits)
    let ten = PatternAnalysis("^aaaaaaaaaa", isCaseless: false, limits: limits)
    #expect(ten.verdict == .tooLarge)
    #expect(nine.verdict != .tooLarge)
    let nested = String(repeating: "(", count: 200) + "a" + String(repeating: ")", count: 200)
    guard case .unread = PatternAnalysis(nested, isCaseless: false).verdict else {
      Issue.record("nesting is not bounded")
      return
    }
  }

  // MARK: Remarks

  @Test(arguments: [
    ("viagra", [PatternAnalysis.Remark.literal("viagra", begins: false, ends: false)]),
    ("^a\\.b$", [.literal("a.b", begins: true, ends: true)]),
    ("a^b", [.neverMatches]), ("a$b", [.neverMatches]), ("x\\z.", [.neverMatches]),
    ("(a|b^)c", []), ("a\\b", []), ("^^a", []),
    (".*foo[0-9]", [.uselessStart(0..<2)]), ("^.*foo[0-9]", [.uselessStart(1..<3)]),
    (".*", []), ("(.*)foo", []), ("[^a][a]$^", [.neverMatches]),
  ])
  func remarks(_ pattern: String, _ expected: [PatternAnalysis.Remark]) {
    #expect(PatternAnalysis(pattern, isCaseless: false).remarks == expected)
  }

  @Test(arguments: [
    ("foo.*barbaz", false, "barbaz", false), ("foo+ar", false, "foo", false),
    ("viagra", true, "viagra", true), ("click", true, "clic", true), ("(ab|cd)", false, "", false),
    ("a?b", false, "b", false), ("(?i:ab)cd", false, "abcd", true),
    ("^x(?:yz)$", false, "xyz", false),
    ("(?:abc)*d", false, "d", false), ("(?:abc)+", false, "abc", false), ("ü1", true, "1", false),
    ("\\bcialis\\b", true, "ciali", true),
  ])
  func knowsWhatEveryMatchHolds(
    _ pattern: String, _ isCaseless: Bool, _ literal: String, _ isFolded: Bool
  ) {
    let found = PatternAnalysis(pattern, isCaseless: isCaseless).requiredLiteral
    #expect(String(decoding: found?.bytes ?? [], as: UTF8.self) == literal)
    #expect((found?.isFolded ?? false) == isFolded)
  }

  // MARK: Measuring

  private func explosion(of pattern: String) throws -> PatternAnalysis.Explosion {
    _ = try CompiledPattern(pattern)
    let analysis = PatternAnalysis(pattern, isCaseless: false)
    guard case .explosive(let found) = analysis.verdict else {
      throw Surprise(verdict: "\(analysis.verdict)")
    }
    return found
  }

  struct Surprise: Error { let verdict: String }

  /// The paths that PCRE2's interpreter tries at one place, found by halving its limit.
  private func steps(_ source: String, _ text: String, atMost: Int = 1 << 24) throws -> Int {
    let pattern = try CompiledPattern(source, PatternOptions(isOptimized: false))
    var matcher = try PatternMatcher(groupsMax: 1)
    let bytes = Array(text.utf8)
    func isEnough(_ steps: Int, _ matcher: inout PatternMatcher) -> Bool {
      var limits = MatchLimits(stepsMax: UInt32(clamping: steps))
      limits.depthMax = .max
      limits.heapKiBMax = 100_000
      return matcher.match(pattern, bytes.span, isAnchored: true, limits: limits) != .limit
    }
    var low = 0
    var high = 64
    while !isEnough(high, &matcher) {
      low = high
      high *= 2
      if high > 2 * atMost { return high }
    }
    while high - low > max(1, low / 64) {
      let middle = (low + high) / 2
      if isEnough(middle, &matcher) { high = middle } else { low = middle }
    }
    return high
  }
}

/// Long texts made of what a pattern itself holds.
enum NastyTexts {
  static func texts(for pattern: String, length: Int) -> [String] {
    var pieces = [
      "a", " ", "0", "A", "a ", "a.", "ab", "1.", "<", "\"", "\\", "x", "foo", "a@", "-",
    ]
    let letters = pattern.unicodeScalars.filter { $0.properties.isAlphabetic || $0.value < 48 }
    pieces.append(String(String.UnicodeScalarView(letters)))
    pieces += letters.prefix(12).map { String($0) }
    return Set(pieces).filter { !$0.isEmpty }.sorted().flatMap { piece in
      let body = String(repeating: piece, count: max(length / piece.utf8.count, 2))
      return [body, body + "!", body + "\u{1}"]
    }
  }
}
