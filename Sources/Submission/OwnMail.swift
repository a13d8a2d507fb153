// Our own mail, at both ends: stamped where it goes out, known again where it comes to the filter.
internal import MailEdits

/// What the filter learns of a message.
package enum MarkJudgement: Sendable, Equatable {
  /// It has none.
  case unmarked
  /// It is ours. The nonce must be spent before the message is accepted.
  case own(MarkNonce)
  /// It has one that is not good, which is as none; worth a line in the log.
  case rejected(MarkFault)
}

package struct OwnMail: Sendable {
  /// The field to delete before the message is delivered.
  package static let markFieldName = Mark.fieldName

  private let keys: MarkKeys
  private let book: SubmissionBook
  private let limits: SubmissionLimits

  package init(keys: MarkKeys, book: SubmissionBook, limits: SubmissionLimits = .init()) {
    self.keys = keys
    self.book = book
    self.limits = limits
  }

  // MARK: Going out

  /// The mail with a fresh mark: each attempt has its own, so none can be used up by an earlier.
  package func stamped(_ mail: OutgoingMail, now: Int64) -> OutgoingMail {
    guard mail.isMarked else { return mail }
    var mail = mail
    let message = Self.withoutMarks(WireText.canonical(mail.message))
    let mark = Mark(
      message, sender: mail.sender, recipients: mail.recipients, key: keys.current, now: now,
      validSeconds: limits.markValidSeconds)
    var stamped: [UInt8] = []
    stamped.reserveCapacity(message.count + 1_024)
    MailWriter.appendField(Mark.fieldName, mark.text, to: &stamped)
    stamped.append(contentsOf: message)
    mail.message = stamped
    mail.envelopeID = EnvelopeMark.make(
      nonce: mark.nonce, expires: mark.expires, sender: mail.sender, key: keys.current)
    return mail
  }

  private static func withoutMarks(_ message: [UInt8]) -> [UInt8] {
    let ranges = MarkedHeader(message).markRanges
    guard !ranges.isEmpty else { return message }
    var rest: [UInt8] = []
    var position = 0
    for range in ranges {
      rest.append(contentsOf: message[position..<range.lowerBound])
      position = range.upperBound
    }
    return rest + message[position...]
  }

  // MARK: Coming in

  /// The nonce that ENVID= at MAIL holds if it is a good mark for this sender, not used before.
  /// Who believes it must have it confirmed at the end: the message's own mark has the same nonce.
  package func acceptsEnvelope(
    envelopeID: String, sender: String, now: Int64
  ) throws(StateFault) -> MarkNonce? {
    guard let nonce = EnvelopeMark.nonce(of: envelopeID, sender: sender, keys: keys),
      isTimely(made: nil, expires: nonce.expires, now: now)
    else { return nil }
    return try book.isSpent(nonce) ? nil : nonce
  }

  /// - Parameters:
  ///   - message: As the mail server handed it over, header and body.
  ///   - sender: Without angle brackets.
  ///   - recipients: Those accepted, as the client gave them.
  package func judge(
    _ message: [UInt8], sender: String, recipients: [String], now: Int64
  ) throws(StateFault) -> MarkJudgement {
    let header = MarkedHeader(message)
    guard let text = header.marks.first else { return .unmarked }
    guard header.marks.count == 1, let mark = Mark(text, limits: limits) else {
      return .rejected(.malformed)
    }
    guard let key = keys.key(mark.keyIdentifier) else { return .rejected(.unknownKey) }
    guard mark.fields.allSatisfy({ header.values[$0]?.count == 1 }),
      key.isValid(mark.signature, "mark", mark.content(header, message, sender: sender))
    else { return .rejected(.altered) }
    guard isTimely(made: mark.made, expires: mark.expires, now: now) else {
      return .rejected(.expired)
    }
    let tags = Set(mark.recipientTags)
    guard recipients.allSatisfy({ tags.contains(MarkAddress.tag($0, mark.nonce, key)) }) else {
      return .rejected(.otherRecipient)
    }
    let nonce = MarkNonce(text: mark.nonce, expires: mark.expires)
    return try book.isSpent(nonce) ? .rejected(.replayed) : .own(nonce)
  }

  /// To be called once the message is sure to be accepted; false when another was faster with the
  /// same mark. A message that is answered by tempfail keeps its mark, so that it may come again.
  package func spend(_ nonce: MarkNonce, now: Int64) throws(StateFault) -> Bool {
    try book.spend(nonce, now: now)
  }

  private func isTimely(made: Int64?, expires: Int64, now: Int64) -> Bool {
    guard now <= expires, expires <= now + limits.markValidSeconds + limits.clockSkewSeconds
    else { return false }
    return made.map { $0 <= now + limits.clockSkewSeconds } ?? true
  }
}
