// What one message may ask.
import Synchronization
import Testing

@testable import Resolver

private struct Echo: Resolving {
  /// The time it was given, as the time of an answer.
  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    .none(.noName, ttlSeconds: timeoutMilliseconds)
  }
}

struct BudgetTests {
  private let clock = ClockOfTheTest()

  private func budget(questions: Int, milliseconds: Int = 10_000) -> DNSBudget {
    var limits = DNSBudgetLimits()
    (limits.questionsMax, limits.milliseconds) = (questions, milliseconds)
    return DNSBudget(Echo(), limits: limits) { [clock] in clock.now }
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
    let budget = budget(questions: 9, milliseconds: 6_000)
    clock.advance(milliseconds: 2_000)
    #expect(await budget.ask(try question("a.example")) == .none(.noName, ttlSeconds: 4_000))
    clock.advance(milliseconds: 3_999)
    #expect(await budget.ask(try question("a.example")) == .none(.noName, ttlSeconds: 1))
    clock.advance(milliseconds: 1)
    #expect(await budget.ask(try question("a.example")) == .failed(.budget))
  }
}

private final class ClockOfTheTest: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(milliseconds: Int) { time.withLock { $0 += .milliseconds(milliseconds) } }
}
