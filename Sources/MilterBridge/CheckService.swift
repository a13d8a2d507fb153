// Where outside checks are carried out. The machine never waits: a check is started, and its answer
// comes back to the session's own thread, however long it took.

package import NIOCore
package import RuleVM

/// Carries out checks. Answers exactly once, from any thread, at the latest after the request's
/// `timeoutMilliseconds`; the session has a deadline of its own for services that do not.
package protocol CheckService: Sendable {
  func start(_ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void)
}

/// Answers without asking anybody: for tests of policies and for trials.
package struct StandInChecks: CheckService {
  private let eventLoops: any EventLoopGroup
  private let delayMilliseconds: Int
  private let answers: @Sendable (CheckRequest) -> CheckAnswer?

  /// `answers` says what each request is answered with, nil for one that is never answered.
  package init(
    eventLoops: any EventLoopGroup, delayMilliseconds: Int = 0,
    answers: @escaping @Sendable (CheckRequest) -> CheckAnswer?
  ) {
    self.eventLoops = eventLoops
    self.delayMilliseconds = delayMilliseconds
    self.answers = answers
  }

  package func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) {
    guard let answer = answers(request) else { return }
    guard delayMilliseconds > 0 else { return completion(answer) }
    eventLoops.any().scheduleTask(in: .milliseconds(Int64(delayMilliseconds))) {
      completion(answer)
    }
  }
}
