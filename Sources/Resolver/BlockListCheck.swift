// Asks several lists at once and returns as soon as it is decided; those still on their way go on
// for the cache alone.

package import RuleBytecode
internal import Synchronization

package struct BlockListCheck: Sendable {
  package struct List: Sendable {
    package let zone: DNSName
    /// What is asked there.
    package let name: DNSName

    package init(zone: DNSName, name: DNSName) {
      self.zone = zone
      self.name = name
    }
  }

  private let lists: [List]
  private let wanted: Set<IPAddress>
  private let hitsWanted: Int

  package init(lists: [List], wanted: Set<IPAddress> = [], hitsWanted: Int = 1) {
    self.lists = lists
    self.wanted = wanted
    self.hitsWanted = hitsWanted
  }

  package func run(
    _ resolver: any Resolving, timeoutMilliseconds: Int = ResolverLimits.questionMilliseconds
  ) async -> BlockListOutcome {
    let count = BlockListCount(lists: lists.count, hitsWanted: hitsWanted)
    if let outcome = count.outcome { return outcome }
    let wanted = wanted
    return await withCheckedContinuation { continuation in
      let collector = Collector(count) { continuation.resume(returning: $0) }
      for list in lists {
        Task {
          let answer = await resolver.ask(
            DNSQuestion(list.name, .a), timeoutMilliseconds: timeoutMilliseconds)
          collector.take(BlockListAnswer(answer, wanted: wanted), of: list.zone)
        }
      }
    }
  }

  /// Calls once, when it is decided.
  private final class Collector: Sendable {
    private let state: Mutex<(count: BlockListCount, isDecided: Bool)>
    private let done: @Sendable (BlockListOutcome) -> Void

    init(_ count: BlockListCount, _ done: @escaping @Sendable (BlockListOutcome) -> Void) {
      state = Mutex((count, false))
      self.done = done
    }

    func take(_ answer: BlockListAnswer, of zone: DNSName) {
      let outcome = state.withLock { state -> BlockListOutcome? in
        state.count.take(answer, of: zone)
        guard !state.isDecided, let outcome = state.count.outcome else { return nil }
        state.isDecided = true
        return outcome
      }
      if let outcome { done(outcome) }
    }
  }
}
