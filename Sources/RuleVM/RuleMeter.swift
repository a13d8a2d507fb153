// Which rules acted, and how long rules took: noted for a session when somebody wants figures.

/// What a rule did since it was last asked.
package struct RuleUse: Equatable, Sendable {
  /// Its index in the program.
  package let rule: Int
  /// 1 when it acted, or would have: once a message.
  package let hits: Int
  package let nanoseconds: Int64
}

struct RuleMeter {
  var countsHits = false
  /// Reads the clock at each rule: some 30 ns.
  var takesTime = false
  private var hits: Set<UInt32> = []
  private var spent: [UInt32: Int64] = [:]
  private var rule: UInt32?
  private var began: ContinuousClock.Instant?

  mutating func hit(_ rule: UInt32?) {
    guard countsHits, let rule else { return }
    hits.insert(rule)
  }

  /// A rule begins, or goes on after its check was answered; nil: no rule runs.
  mutating func enter(_ next: UInt32?) {
    let now = ContinuousClock.now
    if let rule, let began {
      let parts = (now - began).components
      spent[rule, default: 0] += parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }
    rule = next
    began = now
  }

  mutating func take() -> [RuleUse] {
    defer {
      hits.removeAll(keepingCapacity: true)
      spent.removeAll(keepingCapacity: true)
    }
    if hits.isEmpty, spent.isEmpty { return [] }
    return hits.union(spent.keys).sorted().map { rule in
      RuleUse(
        rule: Int(rule), hits: hits.contains(rule) ? 1 : 0, nanoseconds: spent[rule] ?? 0)
    }
  }
}
