// What all calls of a desk have in common: one answer, a deadline, an end when nobody waits.
import LiveChecks
import MailLab
import RuleBytecode
import RuleVM
import Synchronization
import Testing

/// Answers when it is told to; says whether it was given up.
private final class HeldCheck: LiveCheck {
  private struct State {
    var waiting: CheckedContinuation<CheckAnswer, Never>?
    var isCancelled = false
  }

  private let state = Mutex(State())

  var isCancelled: Bool { state.withLock { $0.isCancelled } }
  var isAsked: Bool { state.withLock { $0.waiting != nil } }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { $0.waiting = continuation }
      }
    } onCancel: {
      let waiting = state.withLock { state in
        state.isCancelled = true
        defer { state.waiting = nil }
        return state.waiting
      }
      waiting?.resume(returning: .truth(false))
    }
  }

  func say(_ answer: CheckAnswer) {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: answer)
  }
}

private final class Answers: Sendable {
  let all = Mutex<[CheckAnswer]>([])
  var count: Int { all.withLock { $0.count } }
}

private func request(_ kind: CheckKind, timeoutMilliseconds: Int = 3_600_000) -> CheckRequest {
  CheckRequest(
    id: 1, kind: kind, name: "x", arguments: [], timeoutMilliseconds: timeoutMilliseconds)
}

private func untilTrue(_ condition: () -> Bool) async {
  #expect(await Laboratory.eventually(timeoutSeconds: 300, condition))
}

@Suite struct DeskTests {
  private let check = HeldCheck()
  private let answers = Answers()

  private var desk: LiveDesk {
    LiveDesk([.rdns: check], LiveServices(.init(stateDirectory: "/nonexistent")))
  }

  private func start(_ request: CheckRequest) -> LiveCall? {
    let answers = answers
    return desk.start(request) { answer in answers.all.withLock { $0.append(answer) } }
  }

  @Test func anAnswerIsGivenOnce() async throws {
    let call = try #require(start(request(.rdns)))
    await untilTrue { check.isAsked }
    check.say(.truth(true))
    await untilTrue { answers.count > 0 }
    call.cancel()
    #expect(answers.all.withLock { $0 } == [.truth(true)])
  }

  @Test func whatTakesTooLongHasFailedAndIsGivenUp() async throws {
    _ = start(request(.rdns, timeoutMilliseconds: 20))
    await untilTrue { check.isCancelled }
    #expect(answers.all.withLock { $0 } == [.failed(.dns, reason: "timeout")])
  }

  @Test func whatNobodyWantsIsGivenUpWithoutAnAnswer() async throws {
    let call = try #require(start(request(.rdns)))
    await untilTrue { check.isAsked }
    call.cancel()
    await untilTrue { check.isCancelled }
    #expect(answers.count == 0)
  }

  @Test func otherKindsAreNotItsOwn() {
    #expect(start(request(.mx)) == nil)
    #expect(answers.count == 0)
  }
}
