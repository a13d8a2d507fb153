// What one message may ask the DNS: so many questions, and so long a wait for answers in all. A
// mail can name hundreds of hosts and cost its sender nothing; this bounds what it costs us and the
// name servers. Time counts only while an answer is waited for: a slow client uses up nothing.

internal import Synchronization

package struct DNSBudgetLimits: Sendable, Equatable {
  /// SPF alone may name a hundred mail hosts (RFC 7208 §4.6.4).
  package var questionsMax = 150
  /// RFC 7208 §4.6.4 wants at least so much for SPF.
  package var milliseconds = 20_000

  package init() {}
}

/// A resolver for one message. Equal questions count once.
package final class DNSBudget: Resolving {
  private struct State {
    var asked: Set<DNSQuestion> = []
    var refusals = 0
    var open = 0
    /// When the first of those that are open was asked.
    var openSince: ContinuousClock.Instant
    /// While none was open.
    var spent = Duration.zero

    func spent(_ now: ContinuousClock.Instant) -> Duration {
      open > 0 ? spent + (now - openSince) : spent
    }
  }

  private let base: any Resolving
  private let limits: DNSBudgetLimits
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  package init(
    _ base: any Resolving, limits: DNSBudgetLimits = DNSBudgetLimits(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.base = base
    self.limits = limits
    self.now = now
    state = Mutex(State(openSince: now()))
  }

  /// Different questions so far.
  package var questions: Int { state.withLock { $0.asked.count } }

  /// Questions that were not asked any more.
  package var refusals: Int { state.withLock { $0.refusals } }

  package func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    guard let milliseconds = begin(question) else { return .failed(.budget) }
    let answer = await base.ask(
      question, timeoutMilliseconds: min(timeoutMilliseconds, milliseconds))
    end()
    return answer
  }

  /// The time that is left; nil when nothing is.
  private func begin(_ question: DNSQuestion) -> Int? {
    let now = now()
    return state.withLock { state in
      let left = (.milliseconds(limits.milliseconds) - state.spent(now)).components
      let milliseconds = Int(left.seconds) * 1_000 + Int(left.attoseconds / 1_000_000_000_000_000)
      let isKnown = state.asked.contains(question)
      guard milliseconds > 0, isKnown || state.asked.count < limits.questionsMax else {
        state.refusals += 1
        return nil
      }
      state.asked.insert(question)
      if state.open == 0 { state.openSince = now }
      state.open += 1
      return milliseconds
    }
  }

  private func end() {
    let now = now()
    state.withLock { state in
      if state.open == 1 { state.spent = state.spent(now) }
      state.open -= 1
    }
  }
}
