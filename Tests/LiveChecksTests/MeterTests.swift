// What is counted of checks, as a collector sees it.
import LiveChecks
import Metrics
import MetricsTestKit
import RuleBytecode
import RuleVM
import Testing

private struct AnswersAtOnce: LiveCheck {
  let given: CheckAnswer
  func answer(_ request: CheckRequest) async -> CheckAnswer { given }
}

@Suite struct MeterTests {
  /// The process has one collector.
  private static let metrics: TestMetrics = {
    let metrics = TestMetrics()
    MetricsSystem.bootstrap(metrics)
    return metrics
  }()

  @Test(arguments: [
    // Kinds that no other test asks a desk for, since the counters are the process's.
    (CheckKind.suite, CheckAnswer.values(["ok"]), "answered"),
    (.unpack, .failed(.dns, reason: "SERVFAIL"), "failed"),
    (.errands, .failed(.dns, reason: "timeout"), "timeout"),
  ])
  func eachEndIsCounted(_ kind: CheckKind, _ given: CheckAnswer, _ result: String) async throws {
    let metrics = Self.metrics
    let services = LiveServices(.init(stateDirectory: "/nonexistent"))
    let desk = LiveDesk([kind: AnswersAtOnce(given: given)], services)
    let request = CheckRequest(
      id: 1, kind: kind, name: "x", arguments: [], timeoutMilliseconds: 3_600_000)
    let answer = await withCheckedContinuation { continuation in
      _ = desk.start(request) { continuation.resume(returning: $0) }
    }
    #expect(answer == given)
    let counter = try metrics.expectCounter(
      "defang_checks_total", [("kind", kind.name), ("result", result)])
    #expect(counter.totalValue == 1)
    let timer = try metrics.expectTimer("defang_check_seconds", [("kind", kind.name)])
    #expect(timer.values.count == 1)
  }
}
