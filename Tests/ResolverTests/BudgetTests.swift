// What one message may ask.
import Synchronization
import Testing

@testable import Resolver

/// Answers with the time that it was given; each question takes so long.
private struct Echo: Resolving {
  let clock: ClockOfTheTest
  let milliseconds: Int

  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    clock.advance(milliseconds: milliseconds)
    return .none(.noName, ttlSeconds: timeoutMilliseconds)
  }
}

struct BudgetTests {
  private let clock = ClockOfTheTest()

  private func budget(
    questions: Int, milliseconds: Int = 10_000, each: Int = 0
  ) -> DNSBudget {
    var limits = DNSBudgetLimits()
    (limits.questionsMax, limits.milliseconds) = (questions, milliseconds)
    return DNSBudget(Echo(clock: clock, milliseconds: each), limits: limits) { [clock] in
      clock.now
    }
  }

  @Test func asksSoOftenAndNoMore() async throws {
    let budget = budget(questions: 2)
    for name in ["a.example", "b.example", "a.example"] {
      #expect(await budget.ask(try question(name)) == .none(.noName, ttlSeconds: 5_000))
    }
    #expect(await budget.ask(try question("c.example")) == .failed(.budget))
    #expect(await budget.ask(try question("b.example")) == .none(.noName, ttlSeconds: 5_000))
    #expect(budget.questions == 2 && budget.refusals == 1)
  }

  @Test func asksSoLongAndNoLonger() async throws {
    let budget = budget(questions: 9, milliseconds: 6_000, each: 3_000)
    #expect(await budget.ask(try question("a.example")) == .none(.noName, ttlSeconds: 5_000))
    #expect(await budget.ask(try question("a.example")) == .none(.noName, ttlSeconds: 3_000))
    #expect(await budget.ask(try question("a.example")) == .failed(.budget))
  }

  @Test func countsOnlyTheTimeOfItsQuestions() async throws {
    let budget = budget(questions: 9, milliseconds: 4_000, each: 3_999)
    clock.advance(milliseconds: 60_000)
    #expect(await budget.ask(try question("a.example")) == .none(.noName, ttlSeconds: 4_000))
    clock.advance(milliseconds: 60_000)
    #expect(await budget.ask(try question("b.example")) == .none(.noName, ttlSeconds: 1))
  }

  /// Two that are open together wait once.
  @Test func countsTheTimeOfQuestionsTogetherOnce() async throws {
    let gate = Gate()
    var limits = DNSBudgetLimits()
    limits.milliseconds = 4_000
    let budget = DNSBudget(gate, limits: limits) { [clock] in clock.now }
    async let first = budget.ask(try question("a.example"))
    await gate.untilAsked(1)
    clock.advance(milliseconds: 1_000)
    async let second = budget.ask(try question("b.example"))
    await gate.untilAsked(2)
    clock.advance(milliseconds: 1_000)
    gate.open()
    _ = try await (first, second)
    #expect(await budget.ask(try question("c.example")) == .none(.noName, ttlSeconds: 2_000))
  }
}

/// Holds its questions until it is opened; answers with the time that they were given.
private final class Gate: Resolving {
  private struct State {
    var asked = 0
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.asked += 1
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
    return .none(.noName, ttlSeconds: timeoutMilliseconds)
  }

  func untilAsked(_ count: Int) async {
    while state.withLock({ $0.asked < count }) { await Task.yield() }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      return state.waiting
    }
    for one in waiting { one.resume() }
  }
}

private final class ClockOfTheTest: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(milliseconds: Int) { time.withLock { $0 += .milliseconds(milliseconds) } }
}
