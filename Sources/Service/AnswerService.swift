// Outside checks answered from a file, each after its own delay; archives and errands are done.
internal import Checks
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM

struct AnswerService: CheckService {
  let answers: StandInAnswers
  let errands: ErrandRunner

  func start(_ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void) {
    if request.kind == .unpack {
      // A thread that may wait; as many archives are read at once as there are such threads.
      return NIOSingletons.posixBlockingThreadPool.submit { _ in
        completion(Unpacker.answer(to: request))
      }
    }
    if let order = request.errands {
      Task { [errands] in completion(.errands(await errands.run(order))) }
      return
    }
    guard let entry = answers.entry(for: request) else {
      return completion(.failed(request.kind.failure, reason: "not answered"))
    }
    let answer = answers.answer(to: request)
    let delay = min(entry.delayMilliseconds, request.timeoutMilliseconds)
    guard delay > 0 else { return completion(answer) }
    NIOSingletons.posixEventLoopGroup.next().scheduleTask(in: .milliseconds(Int64(delay))) {
      completion(answer)
    }
  }
}
