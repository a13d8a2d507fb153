// Where outside checks are carried out. The machine never waits: a check is started, and its answer
// comes back to the session's own thread, however long it took.

package import NIOCore
internal import RuleBytecode
package import RuleVM

/// Carries out checks. Answers exactly once, from any thread, at the latest after the request's
/// `timeoutMilliseconds`; the session has a deadline of its own for services that do not.
package protocol CheckService: Sendable {
  /// - Returns: the call, where it can be given up.
  @discardableResult
  func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> (any StartedCheck)?
}

/// A check under way.
package protocol StartedCheck: Sendable {
  /// Nobody wants its answer any more. From any thread; after the answer it does nothing.
  func cancel()
}

/// For policies that ask nothing: every question fails.
package struct NoChecks: CheckService {
  package init() {}

  package func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> (any StartedCheck)? {
    completion(.failed(request.kind.failure, reason: "nobody answers it"))
    return nil
  }
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
  ) -> (any StartedCheck)? {
    guard let answer = answers(request) else { return nil }
    guard delayMilliseconds > 0 else {
      completion(answer)
      return nil
    }
    eventLoops.any().scheduleTask(in: .milliseconds(Int64(delayMilliseconds))) {
      completion(answer)
    }
    return nil
  }
}
