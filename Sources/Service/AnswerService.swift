// Who answers the checks of one policy: archives and errands are done here, a file of answers goes
// before the world, the world answers the rest.
internal import Checks
internal import LiveChecks
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM

struct AnswerService: CheckService {
  let answers: StandInAnswers
  let errands: ErrandRunner
  let desk: LiveDesk

  func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> (any StartedCheck)? {
    if request.kind == .unpack {
      // A thread that may wait; as many archives are read at once as there are such threads.
      NIOSingletons.posixBlockingThreadPool.submit { _ in
        completion(Unpacker.answer(to: request))
      }
    } else if let order = request.errands {
      Task { [errands] in completion(.errands(await errands.run(order))) }
    } else if let entry = answers.entry(for: request) {
      give(entry, to: request, completion)
    } else if let call = desk.start(request, completion: completion) {
      return call
    } else {
      completion(.failed(request.kind.failure, reason: "not answered"))
    }
    return nil
  }

  private func give(
    _ entry: StandInAnswers.Entry, to request: CheckRequest,
    _ completion: @escaping @Sendable (CheckAnswer) -> Void
  ) {
    let answer = answers.answer(to: request)
    let delay = min(entry.delayMilliseconds, request.timeoutMilliseconds)
    guard delay > 0 else { return completion(answer) }
    NIOSingletons.posixEventLoopGroup.next().scheduleTask(in: .milliseconds(Int64(delay))) {
      completion(answer)
    }
  }
}

extension LiveCall: StartedCheck {}
