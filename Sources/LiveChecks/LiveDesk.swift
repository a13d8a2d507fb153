// The checks of one policy, by kind, and what all calls have in common: a deadline, one answer, and
// an end when nobody wants it any more.
internal import NIOCore
package import RuleBytecode
package import RuleVM
internal import Synchronization

package struct LiveDesk: Sendable {
  private let checks: [CheckKind: any LiveCheck]
  private let services: LiveServices
  /// Where what scanners are to learn is handed over; nil in a policy that trains none.
  package let lessons: LessonDesk?

  package init(
    _ checks: [CheckKind: any LiveCheck], _ services: LiveServices, lessons: LessonDesk? = nil
  ) {
    self.checks = checks
    self.services = services
    self.lessons = lessons
  }

  /// One that is there to wait on.
  var loop: any EventLoop { services.eventLoops.any() }

  /// What it answers.
  package var kinds: Set<CheckKind> { Set(checks.keys) }

  /// Asks; `completion` is called exactly once, at the latest when the request's time is over.
  /// - Returns: nil where nobody answers that kind; then `completion` is never called.
  package func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> LiveCall? {
    guard let check = checks[request.kind] else { return nil }
    let call = LiveCall(CheckMeter(request.kind), completion)
    let late = CheckAnswer.failed(request.kind.failure, reason: "timeout")
    let time = TimeAmount.milliseconds(Int64(request.timeoutMilliseconds))
    let deadline = services.eventLoops.any().scheduleTask(in: time) { call.end(late) }
    call.begin(
      Task {
        call.end(await check.answer(request))
        deadline.cancel()
      })
    return call
  }
}

/// One question under way.
package final class LiveCall: Sendable {
  private struct State {
    var completion: (@Sendable (CheckAnswer) -> Void)?
    var work: Task<Void, Never>?
  }

  private let state: Mutex<State>
  private let meter: CheckMeter

  init(_ meter: CheckMeter, _ completion: @escaping @Sendable (CheckAnswer) -> Void) {
    self.meter = meter
    state = Mutex(State(completion: completion))
  }

  func begin(_ work: Task<Void, Never>) {
    let isOver = state.withLock { state in
      state.work = work
      return state.completion == nil
    }
    if isOver { work.cancel() }
  }

  /// The first answer counts.
  func end(_ answer: CheckAnswer) {
    let (completion, work) = state.withLock { state in
      defer { state.completion = nil }
      return (state.completion, state.work)
    }
    guard let completion else { return }
    meter.ended(answer)
    completion(answer)
    work?.cancel()
  }

  /// Nobody wants the answer any more: it is not given.
  package func cancel() {
    let (isOpen, work) = state.withLock { state in
      defer { state.completion = nil }
      return (state.completion != nil, state.work)
    }
    if isOpen { meter.cancelled() }
    work?.cancel()
  }
}
