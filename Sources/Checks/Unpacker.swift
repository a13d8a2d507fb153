// Has an archive read by a process of its own, `defang-unpack`. What
// goes wrong is a failure with its reason, never an archive without members.
internal import FileContents
internal import Programs
internal import RuleBytecode
package import RuleVM

package enum Unpacker {
  /// Of a report: 10,000 members, a megabyte of names, the heads that are kept.
  private static let reportBytesMax = 16 << 20

  /// Waits for the answer, at most for the request's time.
  package static func answer(to request: CheckRequest) -> CheckAnswer {
    guard let order = request.order else {
      return .failed(.internal, reason: "nothing to unpack")
    }
    let result = ChildProcess.run(
      OwnPrograms.path("defang-unpack"), UnpackArguments(order).arguments, input: order.bytes,
      outputBytesMax: reportBytesMax, timeoutMilliseconds: request.timeoutMilliseconds)
    return answer(result, order)
  }

  static func answer(_ result: ChildResult, _ order: UnpackOrder) -> CheckAnswer {
    switch result {
    case .output(let bytes):
      guard let report = ArchiveReport(bytes: bytes, limits: order.limits) else {
        // It was stopped by its limits of memory or time, or it is broken.
        return .failed(.limit, reason: "defang-unpack ended without a report")
      }
      return .archive(report)
    case .missing: return .failed(.internal, reason: "defang-unpack cannot be started")
    case .timedOut: return .failed(.limit, reason: "defang-unpack took too long")
    case .tooMuch: return .failed(.limit, reason: "defang-unpack says too much")
    case .failed(let reason): return .failed(.internal, reason: "defang-unpack: \(reason)")
    }
  }
}
