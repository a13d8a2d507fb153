// What a policy can ask for and a mail filter cannot carry out: it is decided and reported, but
// mail must never pass as if it had been done. So the daemon refuses such a policy when it is
// loaded.

package struct DaemonGap: Equatable, Sendable {
  /// The command.
  package let command: String
  package let rule: String?
  package let location: String?

  /// For the message that refuses the policy.
  package var shown: String {
    guard let rule, let location else { return "'\(command)'" }
    return "'\(command)' (rule \"\(rule)\", \(location))"
  }

  /// All of a program, in the order of its code. Rules that only observe do nothing, so they have
  /// none.
  package static func all(in program: Program) -> [DaemonGap] {
    var gaps: [DaemonGap] = []
    var rule: RuleInfo?
    for instruction in program.code {
      switch instruction.opcode {
      case .rule: rule = program.rules[Int(instruction.c)]
      case .return, .halt: rule = nil
      case .act:
        let spec = program.actions[Int(instruction.c)]
        guard rule?.mode != .observe, let command = command(spec.action) else { break }
        gaps.append(
          DaemonGap(
            command: command, rule: rule.map { program.string($0.name) },
            location: rule.map { program.location($0.place) }))
      default: break
      }
    }
    return gaps
  }

  /// Nil for an action that is carried out. Mailboxes are the delivery agent's: no milter has one.
  private static func command(_ action: Action) -> String? {
    action == .fileinto ? action.name : nil
  }
}
