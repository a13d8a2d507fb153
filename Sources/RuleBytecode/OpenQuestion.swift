// What a program asks that has to be answered by something beside it, each with its place: whoever
// loads a policy can say what it cannot serve before mail meets it.

/// One question, where it is first asked.
package struct OpenQuestion: Equatable, Sendable {
  /// Checks that the daemon of this version answers by asking the world (`LiveChecks`).
  package static let served: Set<CheckKind> = [
    .dnsbl, .hashbl, .rdns, .mx, .spf, .dkim, .dmarc, .arc, .scan,
    .greylist, .rate, .duplicate, .knownSender, .callout,
  ]

  package let kind: CheckKind
  /// `policy.rules:12:5`; nil where the image has no place.
  package let location: String?
  /// Nil in a definition and outside of rules.
  package let rule: String?

  /// One line that names place, rule and what is asked.
  package var text: String {
    let asked = "asks '\(kind.name)', which this version cannot answer"
    let who = rule.map { "rule '\($0)'" } ?? "the policy"
    return (location.map { $0 + ": " } ?? "") + "\(who) \(asked)"
  }
}

extension Program {
  package var openQuestions: [OpenQuestion] { openQuestions(besides: OpenQuestion.served) }

  /// Every question that somebody has to answer: each kind once in a rule.
  package func openQuestions(besides served: Set<CheckKind>) -> [OpenQuestion] {
    var found: [OpenQuestion] = []
    var rule: String?
    var seen: Set<CheckKind> = []
    let starts = Set(blocks.map { Int($0.start) })
    for (pc, instruction) in code.enumerated() {
      let isRule = instruction.opcode == .rule
      if isRule || starts.contains(pc) {
        seen = []
        rule = isRule ? string(rules[Int(instruction.c)].name) : nil
      }
      guard let kind = kind(of: instruction, besides: served), seen.insert(kind).inserted
      else { continue }
      let location = place(of: pc).map { self.location($0) }
      found.append(OpenQuestion(kind: kind, location: location, rule: rule))
    }
    return found
  }

  private func kind(
    of instruction: Instruction, besides served: Set<CheckKind>
  ) -> CheckKind? {
    switch instruction.opcode {
    case .check:
      let kind = checks[Int(instruction.c)].kind
      let isOpen = kind != .suite && kind != .table && !served.contains(kind)
      return isOpen ? kind : nil
    // Who seals asks how the chain stands.
    case .act where actions[Int(instruction.c)].action == .arcSeal:
      return served.contains(.arc) ? nil : .arc
    default: return nil
    }
  }
}
