// What one message may ask the DNS: so many questions, for so long in all. A mail can name hundreds
// of hosts and cost its sender nothing; this bounds what it costs us and the name servers.

internal import Synchronization

package struct DNSBudgetLimits: Sendable, Equatable {
  /// SPF alone may name a hundred mail hosts (RFC 7208 §4.6.4).
  package var questionsMax = 150
  package var milliseconds = 10_000

  package init() {}
}

/// A resolver for one message. Equal questions count once.
package final class DNSBudget: Resolving {
  private struct State {
    var asked: Set<DNSQuestion> = []
    var refusals = 0
  }

  private let base: any Resolving
  private let limits: DNSBudgetLimits
  private let now: @Sendable () -> ContinuousClock.Instant
  private let end: ContinuousClock.Instant
  private let state = Mutex(State())

  package init(
    _ base: any Resolving, limits: DNSBudgetLimits = DNSBudgetLimits(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.base = base
    self.limits = limits
    self.now = now
    end = now() + .milliseconds(limits.milliseconds)
  }

  /// Different questions so far.
  package var questions: Int { state.withLock { $0.asked.count } }

  /// Questions that were not asked any more.
  package var refusals: Int { state.withLock { $0.refusals } }

  package func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    let left = (end - now()).components
    let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
    let isAllowed = state.withLock { state in
      let isKnown = state.asked.contains(question)
      guard milliseconds > 0, isKnown || state.asked.count < limits.questionsMax else {
        state.refusals += 1
        return false
      }
      state.asked.insert(question)
      return true
    }
    guard isAllowed else { return .failed(.budget) }
    return await base.ask(
      question, timeoutMilliseconds: min(timeoutMilliseconds, Int(milliseconds)))
  }
}
