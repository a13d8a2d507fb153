// The collector: order, caps, repeats.

import Testing

@testable import RuleCompiler

struct DiagnosticsTests {
  private func range(_ start: Int, _ length: Int = 1) -> SourceRange {
    SourceRange(file: 0, bytes: start..<start + length)
  }

  @Test func sortedByPlaceThenByTimeOfReport() {
    var diagnostics = Diagnostics()
    diagnostics.report(.name(.unknownCommand("c", nearest: nil)), at: range(9))
    diagnostics.report(.name(.unknownCommand("b", nearest: nil)), at: range(2))
    diagnostics.report(.argument(.missingBlock(of: "b")), at: range(2))
    diagnostics.report(
      .name(.unknownCommand("d", nearest: nil)), at: SourceRange(file: 1, bytes: 0..<1))
    diagnostics.report(.flow(.alwaysTrue("a")), at: range(0))
    #expect(
      diagnostics.shown.map(\.problem.code) == [
        .alwaysTrue, .unknownCommand, .missingBlock, .unknownCommand, .unknownCommand,
      ])
    #expect(diagnostics.errorCount == 4 && diagnostics.warningCount == 1)
    #expect(diagnostics.hasErrors)
  }

  @Test func repeatsAndConsequencesAreDropped() {
    var diagnostics = Diagnostics()
    diagnostics.report(.syntax(.emptyTag), at: range(4))
    diagnostics.report(.syntax(.emptyTag), at: range(4))
    diagnostics.report(.name(.unknownTag("", of: "x", nearest: nil)), at: range(4))
    diagnostics.report(.syntax(.emptyTag), at: range(5))
    #expect(diagnostics.shown.map(\.range.bytes.lowerBound) == [4, 5])
    #expect(diagnostics.errorCount == 2)
  }

  @Test func warningHidesNothing() {
    var diagnostics = Diagnostics()
    diagnostics.report(.syntax(.uselessEscape(".")), at: range(4))
    diagnostics.report(.literal(.headerName("x")), at: range(4))
    #expect(diagnostics.shown.count == 2)
  }

  @Test(arguments: [(99, 0), (100, 0), (101, 1)]) func capAtTheLimit(_ count: Int, _ omitted: Int) {
    var diagnostics = Diagnostics()
    for index in 0..<count {
      diagnostics.report(.literal(.headerName("x")), at: range(index))
    }
    #expect(diagnostics.shown.count == min(count, 100))
    #expect(diagnostics.omittedCount == omitted)
    #expect(diagnostics.errorCount == count)
    let text = DiagnosticPrinter(sources: SourceSet()).text(diagnostics)
    #expect(text.hasSuffix("too many problems: 1 more not shown\n") == (omitted == 1))
  }

  @Test func errorsGoBeforeWarningsUnderTheCap() {
    var diagnostics = Diagnostics()
    for index in 0..<150 { diagnostics.report(.flow(.alwaysTrue("a")), at: range(index)) }
    diagnostics.report(.literal(.headerName("x")), at: range(500))
    #expect(diagnostics.shown.last?.problem.code == .badHeaderName)
    #expect(diagnostics.shown.count == 100 && diagnostics.omittedCount == 51)
  }

  @Test(arguments: [1_999, 2_000, 2_001]) func keptAreBounded(_ count: Int) {
    var diagnostics = Diagnostics()
    for index in 0..<count { diagnostics.report(.syntax(.emptyTag), at: range(index)) }
    #expect(diagnostics.omittedCount == count - 100)
    #expect(diagnostics.errorCount == count)
  }
}
