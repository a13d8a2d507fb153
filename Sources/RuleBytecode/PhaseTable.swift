// The phase × action table of the rules language (docs/LANGUAGE.md, "Phases").
// The checker refuses what it does not allow, the verifier checks each instruction against it,
// the machine asks it what a verdict reaches.

/// An action of the language that the phase table speaks of.
package enum Action: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case `continue`, stop, set, score, log, call
  case accept, reject, tempfail, discard
  case addheader, deleteheader, setheader
  case drop, replace, warn

  /// The command's name in a policy.
  package var name: String { "\(self)" }
}

/// What an action does in a phase.
package enum Reach: Equatable, BitwiseCopyable, Sendable {
  /// Not possible in this phase.
  case no
  /// Done at once and reaching nothing but the run.
  case here
  /// A verdict on the session.
  case session
  /// A verdict on the message.
  case message
  /// A verdict on this recipient.
  case recipient
  /// A verdict on this recipient's run, or on the message with `:message`.
  case recipientOrMessage
  /// A verdict on this part's run, or on the message with `:message`.
  case partOrMessage
  /// A verdict on the message, and only with `:message`.
  case onlyMessage
  /// Recorded, carried out at the end of the message.
  case recorded
  /// An edit of the part that the run is for.
  case thisPart
}

extension Action {
  /// What the action reaches when used in `phase`.
  package func reach(in phase: Phase) -> Reach {
    switch self {
    case .continue, .stop, .set, .score, .log, .call: .here
    case .accept: PhaseTable.accept[Int(phase.rawValue)]
    case .reject, .tempfail: PhaseTable.refusal[Int(phase.rawValue)]
    case .discard: PhaseTable.discard[Int(phase.rawValue)]
    case .addheader, .deleteheader, .setheader: PhaseTable.headerEdits[Int(phase.rawValue)]
    case .drop, .replace, .warn: PhaseTable.partEdits[Int(phase.rawValue)]
    }
  }

  /// The phases in which the action is possible at all.
  package var phases: PhaseSet {
    PhaseSet(Phase.allCases.filter { reach(in: $0) != .no })
  }
}

/// The rows whose cells differ by phase, in the order of `Phase`.
enum PhaseTable {
  //            connect   helo      mail      rcpt      data      headers   message   part     eom
  static let accept: [Reach] = [
    .session, .session, .message, .recipientOrMessage, .message, .message, .message,
    .partOrMessage, .message,
  ]
  static let refusal: [Reach] = [
    .session, .session, .message, .recipient, .message, .message, .message, .message, .message,
  ]
  static let discard: [Reach] = [
    .no, .no, .message, .onlyMessage, .message, .message, .message, .message, .message,
  ]
  static let headerEdits: [Reach] = [
    .no, .no, .recorded, .recorded, .recorded, .recorded, .recorded, .recorded, .recorded,
  ]
  static let partEdits: [Reach] = [.no, .no, .no, .no, .no, .no, .no, .thisPart, .no]
}
