// What a policy can ask for and the daemon of this version does not carry out: everything is
// decided and reported, but mail must never pass as if it had been done. So the daemon refuses such
// a policy when it is loaded.

package struct DaemonGap: Equatable, Sendable {
  /// The command, with the tag that is meant.
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
        guard rule?.mode != .observe, let command = command(spec.action, spec.flags) else { break }
        gaps.append(
          DaemonGap(
            command: command, rule: rule.map { program.string($0.name) },
            location: rule.map { program.location($0.place) }))
      default: break
      }
    }
    return gaps
  }

  /// Nil for an action that is carried out.
  package static func command(_ action: Action, _ flags: ActionFlags) -> String? {
    switch action {
    case .addheader, .insertheader, .deleteheader, .setheader, .addrcpt, .delrcpt, .setsender,
      .redirect, .hold, .keep, .drop, .replace, .replaceWithFile, .enclose, .rename, .settype,
      .compress, .sanitizeHtml, .htmlToText, .stripTracking, .stripRedundantHtml, .warn,
      .disclaimer, .addpart, .canonicalize, .event, .discard, .reject, .ereject,
      .quarantine, .saveCopy, .notify, .replaceWithLink, .filterProgram, .delay,
      .authResults, .dkimSign, .arcSeal:
      return nil
    default: return action.name
    }
  }
}
