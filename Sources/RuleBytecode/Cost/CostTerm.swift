// A worst case and what it is made of.

/// Work that is done once for a message, whichever and however many rules ask for it.
package enum SharedWork: String, CaseIterable, Sendable {
  case headerDecoding, partHeaderDecoding, bodyDecoding, textDecoding, typeSniffing
  case contentDigests, partNames, anomalies, documents, archives

  package var meaning: String {
    switch self {
    case .headerDecoding: "decoding the header"
    case .partHeaderDecoding: "decoding the headers of parts"
    case .bodyDecoding: "decoding the parts"
    case .textDecoding: "text of the parts"
    case .typeSniffing: "finding out what the parts are"
    case .contentDigests: "digests of the parts"
    case .partNames: "names of the parts"
    case .anomalies: "collecting what is odd"
    case .documents: "looking into the parts"
    case .archives: "reading archives"
    }
  }
}

/// One share of a worst case.
package struct CostTerm: Equatable, Sendable {
  package let fuel: Int
  /// What the fuel is spent on: `header :matches, 12 keys`.
  package let what: String
  package let place: SourcePlace?
}

/// The worst case of one rule, in all runs of its phase on one message.
package struct RuleCost: Sendable {
  /// Index among the program's rules; nil for what belongs to no rule, as the test of a group.
  package let rule: UInt32?
  package internal(set) var fuel = 0
  /// The largest first.
  package internal(set) var terms: [CostTerm] = []
}

/// The worst case of one phase.
package struct PhaseCost: Sendable {
  package let phase: Phase
  /// Runs for one message: one, or as many as there can be recipients or parts.
  package let runs: Int
  package internal(set) var rules: [RuleCost] = []
  package internal(set) var shared: [CostTerm] = []

  package var fuel: Int {
    let own = rules.reduce(0) { Int.cost($0, plus: $1.fuel) }
    return shared.reduce(own) { Int.cost($0, plus: $1.fuel) }
  }
}

/// The worst case of a policy.
package struct PolicyCost: Sendable {
  package internal(set) var phases: [PhaseCost] = []
  /// The jobs of `every`, each with fuel of its own, in their order.
  package internal(set) var jobs: [RuleCost] = []

  /// One message: every phase from `mail` on spends from the same fuel.
  package var messageFuel: Int {
    phases.filter { $0.phase >= .mail }.reduce(0) { Int.cost($0, plus: $1.fuel) }
  }

  /// The runs before a message have fuel of their own.
  package func fuel(of phase: Phase) -> Int { phases.first { $0.phase == phase }?.fuel ?? 0 }

  /// The largest of what is bounded by one budget.
  package var largest: Int {
    ([fuel(of: .connect), fuel(of: .helo), messageFuel] + jobs.map(\.fuel)).max() ?? 0
  }

  /// The rule that costs most, with its phase.
  package var dominant: (phase: Phase, rule: RuleCost)? {
    var best: (phase: Phase, rule: RuleCost)?
    for phase in phases {
      for rule in phase.rules where rule.fuel > best?.rule.fuel ?? -1 {
        best = (phase.phase, rule)
      }
    }
    for job in jobs where job.fuel > best?.rule.fuel ?? -1 { best = (.connect, job) }
    return best
  }
}
