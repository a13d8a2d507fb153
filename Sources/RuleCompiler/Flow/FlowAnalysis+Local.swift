// Refusals at RCPT that hit mail of local programs too: Postfix keeps such mail in its queue, and
// nobody is told (LANGUAGE.md §10).

import RuleBytecode
import TableText

extension FlowAnalysis {
  private static let refusals: Set = ["reject", "ereject", "tempfail"]

  mutating func reportLocalRefusal(_ command: Command, _ path: Path) {
    guard reader.phase == .rcpt, isPolicy, decides, Self.refusals.contains(command.name.text),
      admitsLocal(path.condition)
    else { return }
    context.report(.flow(.refusalIncludesLocal(command.name.text)), at: command.name.range)
  }

  /// Whether mail without an SMTP client can come along, as far as is known.
  private mutating func admitsLocal(_ condition: Condition) -> Bool {
    let local = reader.localSubmission()
    for conjunction in condition.disjuncts where !hasClient(conjunction) {
      let whole = conjunction.joined(local)
      if whole.contradiction(reader.facts) != nil { continue }
      if deciders(of: Condition(disjuncts: [whole])) == nil { return true }
    }
    return false
  }

  /// What only a client has whose mail comes by SMTP: a login, TLS, an address on a list.
  private func hasClient(_ conjunction: Conjunction) -> Bool {
    conjunction.literals.contains { literal in
      literal.isPositive
        && literal.elements.allSatisfy { element in
          let subject = reader.facts.subjects.subjects[element.subject]
          switch subject.kind {
          case .opaque:
            let test = subject.name.prefix { $0 != " " }
            return ["authenticated", "dnsbl", "tls", "spf"].contains(test)
          case .factPresence, .fact:
            return subject.name.hasPrefix("auth.") || subject.name.hasPrefix("tls.")
          case .word where subject.name == "direction": return isFromOutside(element)
          default: return false
          }
        }
    }
  }

  /// Who submits here is one of us (LANGUAGE.md §5, `direction`).
  private func isFromOutside(_ element: Element) -> Bool {
    ["in", "relay"].contains { element.pattern == .exactly(Array($0.utf8)) }
  }
}

extension ConditionReader {
  /// What holds for mail of local programs: no SMTP, and this host for a client.
  fileprivate mutating func localSubmission() -> Conjunction {
    let how = facts.subjects.number(of: Subject(kind: .word, name: "submission", epoch: 0))
    let client = facts.subjects.number(of: Subject(kind: .ip, name: "client", epoch: 0))
    var literals = [
      Literal(
        elements: [Element(subject: how, pattern: .exactly(Array("local".utf8)))],
        isPositive: true)
    ]
    if case .range(let host) = AddressRange.read("127.0.0.1") {
      literals.append(
        Literal(elements: [Element(subject: client, pattern: .network(host))], isPositive: true))
    }
    return Conjunction(literals: literals)
  }
}
