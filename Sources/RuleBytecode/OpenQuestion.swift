// What a program asks that has to be answered by something beside it, each with its place: whoever
// loads a policy can say what it cannot serve before mail meets it.

/// One question, where it is first asked.
package struct OpenQuestion: Equatable, Sendable {
  package enum Subject: Hashable, Sendable {
    case check(CheckKind)
    /// `trusted_relays`: the hops before the client.
    case relays
  }

  /// Checks that the daemon of this version answers by asking the world (`LiveChecks`).
  package static let served: Set<CheckKind> = [
    .dnsbl, .hashbl, .rdns, .mx, .spf, .dkim, .dmarc, .arc, .scan,
    .greylist, .rate, .duplicate,
  ]

  package let subject: Subject
  /// `policy.rules:12:5`; nil where the image has no place.
  package let location: String?
  /// Nil in a definition and outside of rules.
  package let rule: String?

  /// One line that names place, rule and what is asked.
  package var text: String {
    let asked =
      switch subject {
      case .check(let kind): "asks '\(kind.name)', which this version cannot answer"
      case .relays: "declares 'trusted_relays', which this version cannot follow"
      }
    let who = rule.map { "rule '\($0)'" } ?? "the policy"
    return (location.map { $0 + ": " } ?? "") + "\(who) \(asked)"
  }
}

extension Program {
  package var openQuestions: [OpenQuestion] { openQuestions(besides: OpenQuestion.served) }

  /// Every question that somebody has to answer: each subject once in a rule.
  package func openQuestions(besides served: Set<CheckKind>) -> [OpenQuestion] {
    var found: [OpenQuestion] = []
    if declaration(.trustedRelays) != nil {
      found.append(OpenQuestion(subject: .relays, location: nil, rule: nil))
    }
    var rule: String?
    var seen: Set<OpenQuestion.Subject> = []
    let starts = Set(blocks.map { Int($0.start) })
    for (pc, instruction) in code.enumerated() {
      let isRule = instruction.opcode == .rule
      if isRule || starts.contains(pc) {
        seen = []
        rule = isRule ? string(rules[Int(instruction.c)].name) : nil
      }
      guard let subject = subject(of: instruction, besides: served), seen.insert(subject).inserted
      else { continue }
      let location = place(of: pc).map { self.location($0) }
      found.append(OpenQuestion(subject: subject, location: location, rule: rule))
    }
    return found
  }

  private func subject(
    of instruction: Instruction, besides served: Set<CheckKind>
  ) -> OpenQuestion.Subject? {
    switch instruction.opcode {
    case .check:
      let kind = checks[Int(instruction.c)].kind
      let isOpen = kind != .suite && kind != .table && !served.contains(kind)
      return isOpen ? .check(kind) : nil
    default: return nil
    }
  }
}
