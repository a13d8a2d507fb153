// `filter_program`: a part's content through a program of the policy, and what its end means.
internal import Programs
internal import RuleVM

/// What a program may cost.
struct ProgramFilterLimits: Sendable {
  /// Of what it writes.
  var outputBytesMax = 64 << 20
}

enum ProgramFilter {
  /// Exit status 0: what it wrote takes the content's place; 1: the content stays; anything else
  /// is a failure. Blocks until it has ended.
  static func run(
    _ filter: FilterErrand, limits: ProgramFilterLimits = ProgramFilterLimits()
  ) -> ErrandResult {
    let end = ProgramDoor.run(
      filter.words, input: filter.content, outputBytesMax: limits.outputBytesMax,
      timeoutMilliseconds: filter.timeoutSeconds * 1_000)
    switch end {
    case .exited(0, let output): return .content(output)
    case .exited(1, _): return .done
    case .exited(let status, _): return .failed(reason: "it ended with \(status)")
    case .signalled(let signal): return .failed(reason: "signal \(signal) ended it")
    case .timedOut: return .failed(reason: "not done after \(filter.timeoutSeconds) s")
    case .tooMuch:
      return .failed(reason: "it wrote more than \(limits.outputBytesMax) bytes")
    case .givenUp: return .failed(reason: "it was given up")
    case .failed(let reason): return .failed(reason: reason)
    }
  }
}
