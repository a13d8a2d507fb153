// What is counted of checks, as a collector sees it.
import Metrics
import MetricsTestKit
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

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

  /// As each kind of check says it.
  @Test(arguments: [
    ("timeout", "timeout"), ("no answer about example.org (txt): timeout", "timeout"),
    ("signature 1: key unavailable (timeout)", "timeout"),
    ("no time left for an answer", "timeout"), ("part 2: no time left for a free place", "timeout"),
    ("127.0.0.1:25 did not answer in time", "timeout"), ("SERVFAIL", "failed"),
    ("it says TIMEOUT: later", "failed"), ("timeout of a stranger's own", "failed"), ("", "failed"),
  ])
  func timeoutsAreKnown(_ reason: String, _ result: String) {
    #expect(CheckMeter.result(of: .failed(.dns, reason: reason)) == result)
  }
}
