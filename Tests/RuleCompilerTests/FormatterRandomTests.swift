// The formatter on layouts that nobody would write: the words of good policies with random blanks,
// line ends and comments between them, and on sources made to hurt.

import Testing

@testable import RuleCompiler

struct FormatterRandomTests {
  /// Blanks and comments that may stand between any two tokens.
  private static let gaps = [
    " ", "  ", "\t", " /* c */ ", "/**/ ", " /* a */ /* b */ ",
  ]
  /// Those that also begin a line; not before a name, which there could begin a statement.
  private static let breaks = [
    "\n", "\n\n\n", "\r\n", " # c\n", "\n# own line\n", "\n\n  # after a blank line\n\n",
    " # one\n# two\n\n", "\n/* own */\n", " /* end */\n", "\n/* before */ ",
  ]

  /// The words of a policy, each gap chosen anew.
  static func shaken(_ source: SourceFile, _ random: inout TreeRandom) -> [UInt8] {
    let words = FormatSource(source, limits: .standard)
    // From few breaks to nearly everywhere.
    let chance = 1 + random.below(9)
    var result: [UInt8] = []
    for (index, token) in words.tokens.enumerated() {
      let isName = token.kind == .identifier
      let mayBreak = !isName || index == 0 || startsStatement(words, index)
      if index > 0, words.tokens[index - 1].kind == .multiLineString {
        result += "\n".utf8
      } else if mayBreak && random.below(10) < chance {
        result += breaks[random.below(breaks.count)].utf8
      } else if index > 0 {
        result += gaps[random.below(gaps.count)].utf8
      }
      result += source.bytes[token.range]
    }
    return result
  }

  private static func startsStatement(_ words: FormatSource, _ index: Int) -> Bool {
    switch words.tokens[index - 1].kind {
    case .semicolon, .leftBrace, .rightBrace, .leftParenthesis, .comma: true
    default: false
    }
  }

  @Test(arguments: CheckerCorpusTests.right)
  func shakenLayoutsKeepTheirMeaning(file: CorpusFile) {
    var random = TreeRandom(seed: UInt64(file.text.utf8.count))
    let source = SourceFile(name: file.name, bytes: Array(file.text.utf8))
    for _ in 0..<25 {
      let bytes = Self.shaken(source, &random)
      let formatted = Formatted(bytes: bytes)
      #expect(formatted.bytes != nil, "\(String(decoding: bytes, as: UTF8.self))")
      formatted.check("\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// Without comments and line ends of the author, there is one layout.
  @Test(arguments: CheckerCorpusTests.right)
  func blanksDoNotMatter(file: CorpusFile) {
    let source = SourceFile(name: file.name, bytes: Array(file.text.utf8))
    let words = FormatSource(source, limits: .standard)
    func joined(_ gap: (Int) -> String) -> [UInt8] {
      words.tokens.enumerated().flatMap { index, token in
        let isText = index > 0 && words.tokens[index - 1].kind == .multiLineString
        return Array((isText ? "\n" : index > 0 ? gap(index) : "").utf8)
          + source.bytes[token.range]
      }
    }
    let plain = Formatted(bytes: joined { _ in " " })
    #expect(plain.bytes != nil)
    #expect(Formatted(bytes: joined { $0 % 3 == 0 ? "\t \t" : "  " }).bytes == plain.bytes)
  }

  @Test(arguments: 0..<20)
  func damagedSourcesNeverCrash(_ seed: Int) {
    var random = TreeRandom(seed: UInt64(seed))
    let all = CheckerCorpusTests.right + CheckerCorpusTests.wrong
    for _ in 0..<100 {
      var bytes = Array(all[random.below(all.count)].text.utf8)
      for _ in 0...random.below(3) {
        let at = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes.remove(at: at)
        case 1: bytes.insert(Array("\"{}[](),;:#/*\n text:.\\".utf8)[random.below(22)], at: at)
        default: bytes[at] = UInt8(random.below(128))
        }
        if bytes.isEmpty { break }
      }
      Formatted(bytes: bytes).check("\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// Enough of it that what is not linear would not end within a test run.
  @Test(arguments: [
    "a;", "a{}", "a [\"\"];", "#\n", "/**/", "a /*\n*/;", "a (b,c);", "a text:\n.\n;", "a 1 2 3;",
    "a [\"b\",\"c\"\n,\n\"d\"];", "if a {} else {}", "a\n\n\n;", "a \"\n\";", "a {b{c{d{e;}}}}",
  ])
  func muchOfOneThing(_ piece: String) {
    let formatted = Formatted(String(repeating: piece, count: 60_000 / piece.utf8.count))
    #expect(formatted.bytes != nil)
  }

  @Test func nestingToTheLimits() {
    let limits = CompilerLimits.standard
    let blocks = limits.commandNestingMax
    Formatted(
      String(repeating: "a {", count: blocks) + "b;" + String(repeating: "}", count: blocks)
    ).check()
    let tests = limits.testNestingMax - 1
    let deep =
      "if " + String(repeating: "anyof (true, ", count: tests) + "true"
      + String(repeating: ")", count: tests) + " { stop; }"
    let formatted = Formatted(deep)
    #expect(formatted.bytes != nil)
    formatted.check()
  }
}
