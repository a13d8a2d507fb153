// The action sheet: every action of the rules language, where it is possible, what it reaches and
// which arguments it takes (docs/LANGUAGE.md, "Phases"). The checker refuses what it does not
// allow, the verifier checks each instruction against it, the machine asks it what a verdict
// reaches.

/// An action of the language.
package enum Action: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  // What steers a rule.
  case `continue`, stop, `return`, `break`, call, error
  // What is done at once.
  case set, score, compute, log, event, lookup, delay, extracttext
  // Verdicts and dispositions.
  case accept, reject, ereject, tempfail, discard, hold, quarantine
  // Sieve's own dispositions: decisions that a plain script reports.
  case keep, fileinto
  // The header and the envelope.
  case addheader, insertheader, deleteheader, setheader
  case addrcpt, delrcpt, setsender, redirect
  // This part.
  case drop, replace, enclose, rename, settype, warn
  case replaceWithFile, replaceWithLink, compress, sanitizeHtml, htmlToText
  case stripRedundantHtml, stripTracking, filterProgram
  // The message.
  case disclaimer, addpart, canonicalize, saveCopy
  case dkimSign, arcSeal, authResults, applyScanHeaders
  // Other mail and other services.
  case notify, train

  /// The command's name in a policy.
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled(by: "_")
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
  /// An edit of the part that a loop over parts is at.
  case loopPart
}

extension Action {
  /// What the action reaches when used in `phase`.
  package func reach(in phase: Phase) -> Reach { row[Int(phase.rawValue)] }

  /// The phases in which the action is possible at all.
  package var phases: PhaseSet {
    PhaseSet(Phase.allCases.filter { reach(in: $0) != .no })
  }

  /// The phases in which it is possible outside a loop over parts.
  package var phasesOutsideLoops: PhaseSet {
    PhaseSet(Phase.allCases.filter { ![.no, .loopPart].contains(reach(in: $0)) })
  }

  /// It works on one part.
  package var isOfPart: Bool { reach(in: .part) == .thisPart }

  private var row: [Reach] {
    switch self {
    case .continue, .stop, .return, .break, .call, .error, .set, .score, .compute, .log, .event,
      .lookup:
      PhaseTable.everywhere
    case .delay: PhaseTable.delay
    case .accept: PhaseTable.accept
    case .reject, .ereject, .tempfail: PhaseTable.refusal
    case .discard: PhaseTable.discard
    case .hold, .quarantine, .addheader, .insertheader, .deleteheader, .setheader, .addrcpt,
      .delrcpt, .setsender, .redirect, .notify, .train, .saveCopy:
      PhaseTable.recorded
    // Of plain scripts only, which run there.
    case .fileinto: PhaseTable.atTheEnd
    case .keep: PhaseTable.keep
    case .extracttext: PhaseTable.extract
    case .drop, .replace, .enclose, .rename, .settype, .warn, .replaceWithFile, .replaceWithLink,
      .compress, .sanitizeHtml, .htmlToText, .stripRedundantHtml, .stripTracking, .filterProgram:
      PhaseTable.partEdits
    case .disclaimer, .addpart, .canonicalize, .dkimSign, .arcSeal, .authResults,
      .applyScanHeaders:
      PhaseTable.messageEdits
    }
  }
}

/// The rows, in the order of `Phase`.
enum PhaseTable {
  //            connect   helo      mail      rcpt      data      headers   message   part     eom
  static let everywhere = Array(repeating: Reach.here, count: Phase.allCases.count)
  static let atTheEnd: [Reach] = [.no, .no, .no, .no, .no, .no, .no, .no, .recorded]
  static let delay: [Reach] = [.here, .here, .here, .here, .here, .no, .no, .no, .no]
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
  static let recorded: [Reach] = [
    .no, .no, .recorded, .recorded, .recorded, .recorded, .recorded, .recorded, .recorded,
  ]
  static let partEdits: [Reach] = [
    .no, .no, .no, .no, .no, .no, .no, .thisPart, .loopPart,
  ]
  static let keep: [Reach] = [.no, .no, .no, .no, .no, .no, .no, .thisPart, .recorded]
  static let extract: [Reach] = [.no, .no, .no, .no, .no, .no, .no, .here, .here]
  static let messageEdits: [Reach] = [
    .no, .no, .recorded, .recorded, .recorded, .recorded, .recorded, .no, .recorded,
  ]
}
