// What is counted of checks: how many of each kind ended how, and how long they took.
//
//   defang_checks_total{kind="dnsbl", result="answered|failed|timeout|cancelled"}
//   defang_check_seconds{kind="dnsbl"}
internal import Metrics
internal import RuleBytecode
internal import RuleVM

struct CheckMeter: Sendable {
  private let kind: CheckKind
  private let start = ContinuousClock.now

  init(_ kind: CheckKind) { self.kind = kind }

  func ended(_ answer: CheckAnswer) {
    if case .failed(_, let reason) = answer {
      count(reason == "timeout" ? "timeout" : "failed")
    } else {
      count("answered")
    }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    Timer(label: "defang_check_seconds", dimensions: [("kind", kind.name)])
      .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  /// Nobody wanted the answer any more.
  func cancelled() { count("cancelled") }

  private func count(_ result: String) {
    Counter(
      label: "defang_checks_total", dimensions: [("kind", kind.name), ("result", result)]
    ).increment()
  }
}
