// For commands that ask one thing and have nothing else to do meanwhile.
internal import NIOCore
internal import RuleBytecode
package import RuleVM

extension LiveDesk {
  /// Blocks the thread until the answer is there; nil where nobody answers that kind. Never to be
  /// called on a thread that others share.
  package func wait(for request: CheckRequest) -> CheckAnswer? {
    let promise = loop.makePromise(of: CheckAnswer.self)
    guard start(request, completion: { promise.succeed($0) }) != nil else {
      promise.succeed(.failed(request.kind.failure))
      return nil
    }
    return try? promise.futureResult.wait()
  }
}
