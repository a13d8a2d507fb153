// What is counted of checks: how many of each kind ended how, and how long they took.
//
//   defang_checks_total{kind="dnsbl", result="answered|failed|timeout|cancelled"}
//   defang_check_seconds{kind="dnsbl"}
internal import Metrics
internal import RuleBytecode
internal import RuleVM
internal import Scanners

struct CheckMeter: Sendable {
  private let kind: CheckKind
  private let start = ContinuousClock.now

  init(_ kind: CheckKind) { self.kind = kind }

  func ended(_ answer: CheckAnswer) {
    count(Self.result(of: answer))
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    Timer(label: "defang_check_seconds", dimensions: [("kind", kind.name)])
      .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  /// How an answer is counted. Reasons are words of this module and those below it, where a
  /// time-out stands at the end: of the question that decided, behind what it was about.
  static func result(of answer: CheckAnswer) -> String {
    guard case .failed(_, let reason) = answer else { return "answered" }
    let ends = ["timeout", ": timeout", "(timeout)", "did not answer in time"]
    let isLate =
      reason == ends[0] || ends.dropFirst().contains { reason.hasSuffix($0) }
      || ScanFailure.Step.allCases.contains {
        reason.hasSuffix(ScanFailure.timedOut($0).description)
      }
    return isLate ? "timeout" : "failed"
  }

  /// Nobody wanted the answer any more.
  func cancelled() { count("cancelled") }

  private func count(_ result: String) {
    Counter(
      label: "defang_checks_total", dimensions: [("kind", kind.name), ("result", result)]
    ).increment()
  }
}
