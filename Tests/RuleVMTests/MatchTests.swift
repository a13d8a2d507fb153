// What the match types, comparators and modifiers answer, as rules see it: each case is a test or a
// `set`, played at the end of the header.

import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct MatchTests {
  static let requires = """
    require ["regex", "relational", "comparator-i;ascii-numeric", "comparator-i;unicode-casemap",
      "encoded-character"];

    """

  static let message = """
    From: "José Äpfel" <jose@example.com>
    To: a@example.com, b@example.com, C@EXAMPLE.com
    Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe_[ABC-123]_two_two?=
    X-Level: 007 of 10
    X-Word: seven
    X-Empty:
    X-Twice: 1
    X-Twice: 2
    X-Latin: =?iso-8859-1?Q?na=EFve?=

    Hello
    """

  private static func session(_ body: String, limits: MachineLimits = MachineLimits()) throws
    -> PolicySession
  {
    let source = requires + "phase headers { rule \"r\" { on_error :limit \"continue\"; \(body) } }"
    let session = try TestPolicy.session(source, limits: limits)
    _ = session.mail("<jose@example.com>")
    _ = session.recipient("<a@example.com>")
    _ = session.headers(message)
    return session
  }

  static let tests: [(String, Bool)] = [
    // RFC 4790 §9.1: leading digits, leading zeros do not count, no digit is infinity.
    (#"header :is :comparator "i;ascii-numeric" "X-Level" "7""#, true),
    (#"header :value "ge" :comparator "i;ascii-numeric" "X-Level" "7""#, true),
    (#"header :value "gt" :comparator "i;ascii-numeric" "X-Level" "7""#, false),
    (#"header :value "lt" :comparator "i;ascii-numeric" "X-Level" "10""#, true),
    (#"header :value "gt" :comparator "i;ascii-numeric" "X-Word" "99999999999999999999""#, true),
    (#"header :value "eq" :comparator "i;ascii-numeric" "X-Empty" "0""#, false),
    (
      #"string :value "lt" :comparator "i;ascii-numeric" "18446744073709551616" "#
        + #""18446744073709551617""#,
      true
    ),
    // As text 10 stands before 7.
    (#"string :value "lt" "10" "7""#, true),
    (#"string :value "eq" "ABC" "abc""#, true),
    (#"string :value "eq" :comparator "i;octet" "ABC" "abc""#, false),
    (#"string :value "lt" :comparator "i;octet" "ABC" "abc""#, true),
    // RFC 4790 §9.2.1: `_` stands behind the letters.
    (#"string :value "gt" "_" "z""#, true),
    (#"string :value "ne" "a" "b""#, true),
    (#"string :value "le" "a" "a""#, true),
    (#"header :count "eq" "X-Twice" "2""#, true),
    (#"header :count "lt" ["X-Twice", "X-Level"] "3""#, false),
    (#"header :count "eq" "X-Missing" "0""#, true),
    (#"address :count "eq" "To" "3""#, true),
    (#"address :count "ge" ["To", "From"] "4""#, true),
    (#"string :count "eq" ["a", "", "${x}"] "1""#, true),
    (#"header :count "gt" "X-Twice" ["9", "1"]"#, true),
    // i;unicode-casemap (RFC 5051).
    (#"header :contains :comparator "i;unicode-casemap" "From" "JOSÉ ÄPFEL""#, true),
    (#"header :contains :comparator "i;unicode-casemap" "From" "jose${unicode:301}""#, true),
    (#"header :contains "From" "JOSÉ ÄPFEL""#, false),
    (#"header :matches :comparator "i;unicode-casemap" "Subject" "GRÖSSE*""#, false),
    (#"header :matches :comparator "i;unicode-casemap" "Subject" "grÖßE?[*""#, true),
    (#"string :is :comparator "i;unicode-casemap" "Å" "a${unicode:30A}""#, true),
    (#"string :value "eq" :comparator "i;unicode-casemap" "ñ" "Ñ""#, true),
    // Patterns.
    (#"header :regex "Subject" "\\[([a-z]+)-(\\d+)\\]""#, true),
    (#"header :regex :comparator "i;octet" "Subject" "\\[([a-z]+)-(\\d+)\\]""#, false),
    (#"header :regex "Subject" "^größe\\b""#, true),
    (#"header :regex "Subject" "two$""#, true),
    (#"header :regex :backtrack 10000 "Subject" "(\\w+) \\1$""#, true),
    (#"header :regex "X-Twice" ["^[34]$", "^[2]$"]"#, true),
    (#"header :regex "X-Latin" "na.ve""#, true),
    (#"header :regex "X-Missing" ".?""#, false),
    (#"header :regex "X-Empty" "^.?$""#, true),
    (#"address :regex :domain "To" "^example\\.(com|net)$""#, true),
    (#"address :regex "To" "[a-z]+@example\\.net""#, false),
    // A byte that is no UTF-8 is a character nobody means, not the end of the text.
    (#"string :regex "a${hex:ff}b" "^a[^c]b$""#, true),
    (#"string :regex "a${hex:ff}b" "a\\wb""#, false),
    (#"string :regex "a${hex:c3}b" "b$""#, true),
  ]

  @Test(arguments: tests)
  func answers(_ test: String, _ expected: Bool) throws {
    let session = try Self.session("if \(test) { log \"yes\"; } else { log \"no\"; }")
    #expect(session.logged == [expected ? "yes" : "no"])
  }

  static let captures: [(String, String, String)] = [
    (
      #"header :regex "Subject" "\\[([a-z]+)-(\\d+)\\](x)?""#, "${0}|${1}|${2}|${3}",
      "[ABC-123]|ABC|123|"
    ),
    (#"header :regex "Subject" "(?<![a-z])(t)(w)o""#, "${1}${2}", "tw"),
    (
      #"header :matches "Subject" "*[*-*]*""#, "${0}|${1}|${2}",
      "Größe [ABC-123] two two|Größe |ABC"
    ),
    // The texts are those of the message, not of what was compared.
    (
      #"header :matches :comparator "i;unicode-casemap" "Subject" "gr?ße [*-*""#, "${1}|${2}",
      "ö|ABC"
    ),
    // A pattern without groups sets ${0} alone; the start is found by the automaton.
    (#"header :regex "To" "[a-z]+@example""#, "${0}", "a@example"),
  ]

  @Test(arguments: captures)
  func captured(_ test: String, _ text: String, _ expected: String) throws {
    let session = try Self.session("if \(test) { log \"\(text)\"; }")
    #expect(session.logged == [expected])
  }

  static let modifiers: [(String, String, String)] = [
    (":lower", "ÄBc ẞ@[`{", "Äbc ẞ@[`{"), (":upper", "äbc ﬁ@[`{", "äBC ﬁ@[`{"),
    (":lower", "AZaz", "azaz"), (":upper", "AZaz", "AZAZ"),
    (":lowerfirst", "ÄBC", "ÄBC"), (":lowerfirst", "BC", "bC"), (":upperfirst", "ßa", "ßa"),
    (":quotewildcard", #"a*b?c\\d"#, #"a\*b\?c\\d"#),
    (":quoteregex", "a.b(c)", #"a\.b\(c\)"#),
    (":length", "Größe", "5"), (":length", "a${hex:ff}b", "3"),
    (":encodeurl", "a b/ü~", "a%20b%2F%C3%BC~"),
    (":upperfirst :lower", "JOHN", "John"),
    (":length :quotewildcard", "**", "4"), (":lower", "", ""), (":lowerfirst", "", ""),
    (":upper", "a${hex:ff}b", "A\u{FFFD}B"),
  ]

  @Test(arguments: modifiers)
  func modified(_ tags: String, _ value: String, _ expected: String) throws {
    let session = try Self.session("set \(tags) \"v\" \"\(value)\"; log \"${v}\";")
    #expect(session.logged == [expected])
  }

  // MARK: Limits

  /// RFC 5229 §6: what is too long is cut, between characters.
  @Test(arguments: [
    ("12345678", "12345678"), ("123456789", "12345678"), ("1234567é", "1234567"),
    ("123456é9", "123456é"),
  ])
  func variablesAreCut(_ value: String, _ expected: String) throws {
    var limits = MachineLimits()
    limits.variableBytesMax = 8
    for scope in ["", ":message", ":session"] {
      let session = try Self.session(
        "set \(scope) \"v\" \"\(value)\"; log \"${v}\";", limits: limits)
      #expect(session.logged == [expected])
    }
  }

  /// No escape is cut in two.
  @Test(arguments: [(":quotewildcard", "***", "\\*\\*"), (":encodeurl", "ab c", "ab%20")])
  func modifiersAreCut(_ tag: String, _ value: String, _ expected: String) throws {
    var limits = MachineLimits()
    limits.variableBytesMax = 5
    let session = try Self.session("set \(tag) \"v\" \"\(value)\"; log \"${v}\";", limits: limits)
    #expect(session.logged == [expected])
  }

  @Test(arguments: [(8, "yes"), (7, "")])
  func wildcardPatternsThatRulesBuild(_ limit: Int, _ expected: String) throws {
    var limits = MachineLimits()
    limits.wildcardKeyBytesMax = limit
    let session = try Self.session(
      "set \"v\" \"1234567*\"; if string :matches \"12345678\" \"${v}\" { log \"yes\"; }"
        + " else { log \"no\"; }", limits: limits)
    #expect(session.logged == (expected.isEmpty ? [] : [expected]))
    #expect(session.decisions.failures.map(\.failure) == (expected.isEmpty ? [.limit] : []))
  }

  /// The steps of `:backtrack` are for the whole test: all values and all keys.
  @Test func backtrackIsForTheTest() throws {
    let needle = #"(a)\\1z"#
    func outcome(_ steps: Int, _ texts: String) throws -> [String] {
      try Self.session(
        "if string :regex :backtrack \(steps) \(texts) \"\(needle)\" { log \"yes\"; }"
          + " else { log \"no\"; }"
      ).logged
    }
    let least = try #require(try (1...200).first { try outcome($0, #""aaaz""#) == ["yes"] })
    #expect(least > 2)
    #expect(try outcome(least - 1, #""aaaz""#) == [])
    // Of two values the second has what the first left.
    #expect(try outcome(least, #"["aabz", "aaaz"]"#) == [])
    #expect(try outcome(3 * least, #"["aabz", "aaaz"]"#) == ["yes"])
  }

  @Test func edgesOfAFailedMatchAreNotDone() throws {
    let session = try TestPolicy.session(
      Self.requires + """
        phase headers {
          rule "r" { deleteheader :regex :backtrack 5 "X-Word" "(e)(v|x)\\\\1n"; log "done"; }
        }
        """)
    _ = session.mail("<a@example.com>")
    let verdict = session.headers(Self.message).verdict
    #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.limit))
    #expect(session.logged == [] && session.decisions.actions.isEmpty)
  }
}
