// The worst of several answers counts, and what was not looked at is told.
import RuleBytecode
import RuleVM
import Scanners
import Testing

@testable import LiveChecks

struct ScanSummaryTests {
  private static func result(_ word: ScanResult.Word, score: Int64? = nil) -> ScanAnswer {
    var result = ScanResult(word)
    result.score = score.map { $0 * Decimal.scale }
    return .result(result)
  }

  static let cases: [([ScanAnswer], CheckAnswer)] = [
    ([result(.clean), result(.infected), result(.spam)], .fields(["result": "infected"])),
    ([result(.ham), result(.clean)], .fields(["result": "ham"])),
    (
      [result(.spam, score: 6), result(.spam, score: 9), result(.spam, score: 7)],
      .fields(["result": "spam", "score": "9.0"])
    ),
    (
      [result(.suspicious, score: 9), result(.spam, score: 6)],
      .fields(["result": "spam", "score": "6.0"])
    ),
    (
      [result(.clean), .tooBig],
      .fields([
        "result": "clean", "gap": "1.1 is too big for the scanner", "gap-class": "limit",
      ])
    ),
    (
      [.tooBig, result(.clean), .failed(.cut)],
      .fields([
        "result": "clean", "gap": "1.2: \(ScanFailure.cut)", "gap-class": "scanner",
      ])
    ),
    ([.failed(.busy), .failed(.cancelled)], .failed(.scanner, reason: "1.0: \(ScanFailure.busy)")),
    ([.tooBig, .tooBig], .fields(["result": "too-big"])),
    ([], .failed(.scanner, reason: "nothing to scan")),
  ]

  @Test(arguments: cases)
  func theWorstCounts(_ answers: [ScanAnswer], _ expected: CheckAnswer) {
    var summary = ScanSummary(isWhole: false)
    for (index, answer) in answers.enumerated() { summary.take(answer, of: "1.\(index)") }
    #expect(summary.answer == expected)
  }

  @Test func oneAnswerStandsForItself() {
    var summary = ScanSummary(isWhole: true)
    summary.take(.failed(.leftAlone), of: "the message")
    #expect(summary.answer == .failed(.scanner, reason: "\(ScanFailure.leftAlone)"))
  }

  @Test func onlyMalwareEndsTheSearch() {
    for word in ScanResult.Word.allCases {
      var summary = ScanSummary(isWhole: false)
      summary.take(Self.result(word), of: "1")
      #expect(summary.isSettled == (word == .infected))
    }
  }

  @Test func headerChangesComeWithIt() {
    var result = ScanResult(.ham)
    result.headerChanges = [.add(name: "X-A", value: "b", position: 2)]
    var summary = ScanSummary(isWhole: true)
    summary.take(.result(result), of: "the message")
    let text = ScanHeaderEdits.text([.add(name: "X-A", value: "b", position: 2)])
    #expect(summary.answer == .fields(["result": "ham", "headers": text]))
  }
}
