// The last word on a message: verdicts, dispositions, recipients' verdicts and envelope edits
// weighed against each other (LANGUAGE.md §3). A plain value, worked out once at the end.
internal import MailEdits
package import RuleBytecode

/// What becomes of a message.
package struct Outcome: Equatable, Sendable {
  package enum Fate: String, Equatable, Sendable {
    case accept, reject, tempfail, discard
    /// The mail server's queue keeps it.
    case hold
    /// Our store keeps it; the client is told that it was taken.
    case quarantine
  }

  package var fate: Fate
  /// For reject and tempfail.
  package var reply: ReplyText?
  package var phase: Phase?
  package var rule: String?
  package var location: String?
  package var cause: Verdict.Cause?
  /// The accepted recipients, in order.
  package var recipients: [RecipientOutcome] = []
  package var envelope = EnvelopeChange()
  /// What the queue listing shows of a held message.
  package var holdReason: String?
  package var notices: [Notice] = []
  /// What recipients get of their own (`for_each_rcpt :split`), ascending.
  package var ownCopies: [OwnCopy] = []
  /// The accepted recipient whose own edits the message itself has, since nobody gets it without.
  package var editedFor: Int?

  /// The message is delivered or held, so its edits are carried out.
  package var isDelivered: Bool { fate == .accept || fate == .hold }
}

/// The message as one recipient gets it, by submission.
package struct OwnCopy: Equatable, Sendable {
  /// Index among the accepted recipients.
  package let recipient: Int
  /// Where it goes: the recipient, or what it was redirected to.
  package let addresses: [String]
}

/// What becomes of one accepted recipient.
package struct RecipientOutcome: Equatable, Sendable {
  package let address: String
  /// The path exactly as the client gave it.
  package let path: [UInt8]
  package var verdict: Verdict?
  /// `quarantine` stood in its turn.
  package var isQuarantined = false
  /// What `on_mixed` made of its refusal.
  package var becomes: MixedFate?

  package var isRefused: Bool { verdict?.kind == .reject || verdict?.kind == .tempfail }

  /// It gets the message.
  var stays: Bool {
    if isRefused { return becomes == nil || becomes == .deliver }
    return verdict?.kind != .discard && !isQuarantined
  }
}

/// What a refusal in `for_each_rcpt` becomes when others get the message.
package enum MixedFate: String, CaseIterable, Equatable, Sendable {
  case quarantine, discard, notify, deliver
}

extension Outcome {
  init(_ verdict: Verdict) {
    switch verdict.kind {
    case .accept: fate = .accept
    case .reject: fate = .reject
    case .tempfail: fate = .tempfail
    case .discard: fate = .discard
    }
    reply = verdict.reply
    phase = verdict.phase
    rule = verdict.rule
    location = verdict.location
    cause = verdict.cause
  }

  /// No rule gave a verdict.
  init() { fate = .accept }

  package static let accepted = Outcome()

  mutating func take(_ disposition: Disposition) {
    fate = disposition.kind == .hold ? .hold : .quarantine
    reply = nil
    phase = disposition.phase
    rule = disposition.rule
    location = disposition.location
    if disposition.kind == .hold { holdReason = disposition.reason }
  }
}

/// Works an outcome out.
struct Weighing {
  let decisions: Decisions
  let mixed: [VerdictKind: MixedFate]
  var recipients: [RecipientOutcome]
  let sender: String
  /// `settings :admin`.
  let admin: String?
  /// Mail to the sender is safe (`PolicySession.isSenderSafe`).
  let isSenderSafe: Bool

  mutating func outcome(_ verdict: Verdict?) -> Outcome {
    var outcome = verdict.map { Outcome($0) } ?? Outcome()
    guard outcome.fate == .accept else { return finished(outcome, recipients) }
    // A verdict of `eom` on the message beats those on recipients.
    if verdict?.phase == .eom {
      for index in recipients.indices { recipients[index].verdict = nil }
    }
    let refused = recipients.filter(\.isRefused)
    if !refused.isEmpty, refused.count == recipients.count {
      let first = refused.first { $0.verdict?.kind == .tempfail } ?? refused[0]
      return finished(first.verdict.map { Outcome($0) } ?? outcome, recipients)
    }
    for index in recipients.indices where recipients[index].isRefused {
      let kind = recipients[index].verdict?.kind ?? .reject
      recipients[index].becomes = mixed[kind] ?? .deliver
    }
    let whole = decisions.dispositions.filter { $0.recipient == nil }
    if let first = whole.first(where: { $0.kind == .quarantine }) ?? whole.first {
      outcome.take(first)
    }
    if outcome.fate != .quarantine { address(&outcome) }
    return finished(outcome, recipients)
  }

  /// Who gets it. When nobody is left the message is not delivered at all: an empty envelope
  /// would be a message for nobody.
  private func address(_ outcome: inout Outcome) {
    let staying = recipients.indices.filter { recipients[$0].stays }
    // As most envelopes are: nobody changed it.
    if decisions.isEnvelopeUntouched, staying.count == recipients.count, !staying.isEmpty { return }
    let copies = staying.compactMap { ownCopy($0) }
    let split = Set(copies.map(\.recipient))
    var view = self.view(staying: staying.filter { !split.contains($0) })
    outcome.ownCopies = copies
    if view.isEmpty, let first = copies.first?.recipient {
      outcome.ownCopies.removeFirst()
      outcome.editedFor = first
      view = self.view(staying: [first])
    }
    guard view.isEmpty, !recipients.isEmpty else {
      outcome.envelope = view.change(sender: sender)
      return
    }
    outcome = Outcome()
    outcome.fate = .discard
    outcome.phase = .eom
    // Who was quarantined one by one is quarantined altogether.
    let own = decisions.dispositions.first { $0.recipient != nil && $0.kind == .quarantine }
    if let own, recipients.allSatisfy(\.isQuarantined) { outcome.take(own) }
  }

  private func view(staying: [Int]) -> EnvelopeView {
    var view = EnvelopeView(recipients.map(\.address), staying: staying)
    for edit in decisions.envelope { view.apply(edit) }
    return view
  }

  /// Nil for a recipient without edits of its own, or whose copy nobody gets.
  private func ownCopy(_ recipient: Int) -> OwnCopy? {
    guard decisions.edits(copyOf: recipient, recipients[recipient].address) else { return nil }
    var view = EnvelopeView(recipients.map(\.address), staying: [recipient])
    for edit in decisions.envelope {
      if case .add = edit { continue }
      view.apply(edit)
    }
    return view.isEmpty ? nil : OwnCopy(recipient: recipient, addresses: view.addresses)
  }

  private func finished(_ outcome: Outcome, _ recipients: [RecipientOutcome]) -> Outcome {
    var outcome = outcome
    outcome.recipients = recipients
    var orders = decisions.notices
    for recipient in recipients where recipient.becomes == .notify {
      let words = recipient.verdict?.reply.map(\.shown) ?? ""
      orders.append(
        NoticeOrder(
          // Somebody has to know: where the sender cannot be told, the administrator is.
          to: isSenderSafe || admin == nil ? .sender : .admin, subject: nil,
          text: "\(recipient.address): \(words)",
          rule: recipient.verdict?.rule, policy: nil))
    }
    outcome.notices = Notice.collected(
      orders.filter { $0.to != .sender || isSenderSafe }, admin: admin, sender: sender)
    return outcome
  }
}

extension Decisions {
  /// Nobody came or went, and nobody gets a message of his own.
  fileprivate var isEnvelopeUntouched: Bool {
    envelope.isEmpty && recipientEdits.isEmpty && !actions.contains { $0.flags.contains(.split) }
  }

  /// A recipient's copy is edited or signed as no other is.
  fileprivate func edits(copyOf index: Int, _ address: String) -> Bool {
    if recipientEdits[index]?.isEmpty == false { return true }
    return actions.contains { action in
      action.kind.isOfDelivery && action.flags.contains(.split) && !action.isSuperseded
        && action.recipient == address
    }
  }

  /// The actions that are carried out when the message comes to this.
  package func carriedOut(_ outcome: Outcome) -> [ActionRecord] {
    carriedOutIndexes(outcome).map { actions[$0] }
  }

  func carriedOutIndexes(_ outcome: Outcome) -> [Int] {
    actions.indices.filter { index in
      let action = actions[index]
      if action.isSuperseded { return false }
      // As a disposition it holds only where nothing beats it; copies and parts are stored anyway.
      if action.kind == .quarantine, !action.outlivesRefusal {
        let isRefused = outcome.fate == .reject || outcome.fate == .tempfail
        return outcome.fate == .quarantine || (action.recipient != nil && !isRefused)
      }
      // A copy for somebody else goes out all the same, but not with each attempt of the client.
      if action.isCopyToOther, outcome.fate != .tempfail { return true }
      // What comes again is learnt from when it is settled.
      if action.kind == .train { return outcome.fate != .tempfail }
      return outcome.isDelivered || !action.isEdit
    }
  }
}
