// The long texts against the compiler: every code has one, and each example shows what it says.

import Testing

@testable import RuleCompiler

struct ExplanationTests {
  private static let examples = Explanation.all.filter { $0.example != nil }.map(\.code)

  /// What a few lines cannot show, or no command of today can reach.
  private static let withoutExample: Set<ProblemCode> = [
    // No text, or not a policy.
    .invalidUTF8, .nulByte, .unreadable,
    // Limits; see `CompilerLimitTests` and `EmitterLimitTests`.
    .stringTooLong, .blocksTooDeep, .testsTooDeep, .tooManyListEntries, .tooManyArguments,
    .tooManyTokens, .tooManyCommands, .sourceTooLarge, .replyLineTooLong, .tooComplex,
    .costOverBudget,
    // Files; see `TableFileTests`.
    .badTableText, .notReadable, .fileMissing, .circularInclude, .tooManyIncludes,
    .includedTwice, .policyInScript,
    // The parser says it first.
    .missingBlock,
    // Of test files.
    .unreadableFile, .noPolicy, .policyDoesNotCompile, .badAnswers, .badTime, .wrongOrder,
    .nothingExpected, .nothingHappened, .nestedTest,
    // Longer than a line of a terminal.
    .socketPathTooLong,
    // For names that come with later tests and actions.
    .emptyValue, .comparatorNotPossible, .notANumber,
  ]

  @Test func everyCodeHasOneText() {
    let counts = Dictionary(grouping: Explanation.all, by: \.code).mapValues(\.count)
    for code in ProblemCode.allCases {
      #expect(counts[code] == 1, "\(code.rawValue) needs one text in Diagnostics/Explain")
    }
  }

  @Test func textsWithoutExampleAreFew() {
    let codes = Set(Explanation.all.filter { $0.example == nil }.map(\.code))
    #expect(codes == Self.withoutExample)
  }

  @Test(arguments: examples)
  func exampleShowsItsMistake(_ code: ProblemCode) throws {
    let example = try #require(Explanation.of(code)?.example)
    let wrong =
      example.frame == .configuration
      ? CheckedSettings(example.wrong).check.diagnostics
      : Compiled(example.wrongPolicy).diagnostics
    #expect(wrong.shown.map(\.problem.code) == [code])
  }

  @Test(arguments: examples)
  func exampleOfTheRemedyIsRight(_ code: ProblemCode) throws {
    let example = try #require(Explanation.of(code)?.example)
    if example.frame == .configuration {
      #expect(CheckedSettings(example.right).codes == [])
    } else {
      #expect(Compiled(example.rightPolicy).codes == [])
    }
  }

  /// Plain English of a length that people read, on lines that a terminal holds.
  @Test(arguments: Explanation.all.map(\.code))
  func textIsReadable(_ code: ProblemCode) throws {
    let text = try #require(Explanation.of(code))
    let prose = [text.meaning, text.reason]
    let lines = prose.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    #expect((3...12).contains(lines.count))
    #expect(lines.allSatisfy { !$0.isEmpty && $0.count <= 88 })
    #expect(prose.allSatisfy { $0.last.map { ".:)};".contains($0) } == true }, "\(prose)")
    #expect(!text.title.isEmpty && text.title.count <= 60 && text.title.last != ".")
    if let example = text.example {
      #expect(example.wrong != example.right)
      let rows = (example.wrong + "\n" + example.right).split(separator: "\n")
      #expect(rows.allSatisfy { $0.count <= 100 })
    }
  }

  @Test func codesAreFoundInEitherCase() {
    #expect(Explanation.code(named: "n006") == .missingRequire)
    #expect(Explanation.code(named: "N006") == .missingRequire)
    #expect(Explanation.code(named: "N999") == nil)
    #expect(Explanation.nearest(to: "n06") == "N006")
  }
}
