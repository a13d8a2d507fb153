// The policy's answer to an input that has ended the process twice: what it says of failures of
// class `:internal`, without a look at that input. "continue" would look again, so it is tempfail.
internal import MilterWire
internal import RuleBytecode
internal import RuleVM

extension PolicyEvaluator {
  package func poisoned(atEndOfMessage: Bool) -> RunOutcome {
    let answer = session.policy.program.program.policies.first?[.internal] ?? .tempfail
    switch answer {
    case .tempfail, .continue: return .failed(.poison)
    case .reject: return .decided(.refuse(Self.poisonReply))
    case .accept:
      return .decided(atEndOfMessage ? .finish(MessageDecision(verdict: .accept)) : .proceed)
    case .quarantine:
      // The mail server keeps it: our own store would have to read it. Before the end nobody can.
      guard atEndOfMessage else { return .failed(.poison) }
      return .decided(
        .finish(
          MessageDecision(
            verdict: .accept, modifications: [.quarantine(reason: Self.poisonReason)])))
    }
  }

  private static let poisonReply = SMTPReply.refusal(
    permanent: true, code: "550", enhanced: "5.7.1", text: "Message could not be checked, refused")

  private static let poisonReason = "it has ended the mail filter twice"
}
