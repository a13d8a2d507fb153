// The mail by which a held message comes to its recipients after all: as it was, or as an
// attachment of a mail of ours.
internal import MailEdits

/// What is let go.
package struct HeldMessage: Sendable, Equatable {
  /// The entry's.
  package var id: String
  /// Envelope sender and recipients as they were.
  package var sender: String
  package var recipients: [String]
  package var subject: String
  package var reason: String
  package var receivedSeconds: Int64
  package var content: [UInt8]
  /// Name and type of a part; nil for a whole message.
  package var part: (name: String, type: String)?

  package init(
    id: String, sender: String, recipients: [String], subject: String, reason: String,
    receivedSeconds: Int64, content: [UInt8], part: (name: String, type: String)? = nil
  ) {
    self.id = id
    self.sender = sender
    self.recipients = recipients
    self.subject = subject
    self.reason = reason
    self.receivedSeconds = receivedSeconds
    self.content = content
    self.part = part
  }

  package static func == (left: HeldMessage, right: HeldMessage) -> Bool {
    left.id == right.id && left.sender == right.sender && left.recipients == right.recipients
      && left.subject == right.subject && left.reason == right.reason
      && left.receivedSeconds == right.receivedSeconds && left.content == right.content
      && left.part?.name == right.part?.name && left.part?.type == right.part?.type
  }
}

package enum ReleaseForm: Sendable, Equatable {
  /// With trace fields in front and not a byte changed below.
  case asItWas
  /// As message/rfc822, or a part as its own type, below a text.
  case attached
  /// The same in this zip archive.
  case zipped(archive: [UInt8])
}

package struct ReleaseWriter: Sendable {
  private let identity: MailIdentity
  private let writer: NoticeWriter

  package init(_ identity: MailIdentity, limits: SubmissionLimits = .init()) {
    self.identity = identity
    writer = NoticeWriter(identity, limits: limits)
  }

  /// The mail. What goes out as it was keeps its envelope sender, so that reports reach who wrote
  /// it; what we attach is a mail of ours and has none, unless one is given. A part has no form of
  /// its own as a mail and is attached always.
  package func mail(
    _ held: HeldMessage, to recipients: [String], sender: String? = nil, as form: ReleaseForm,
    now: Int64 = SystemClock.now
  ) -> OutgoingMail {
    if form == .asItWas, held.part == nil {
      var message = traceFields(held, recipients, now)
      message.append(contentsOf: held.content)
      return OutgoingMail(
        purpose: .release, sender: sender ?? held.sender, recipients: recipients,
        message: message)
    }
    return OutgoingMail(
      purpose: .release, sender: sender ?? "", recipients: recipients,
      message: wrapped(held, recipients, form, now))
  }

  // MARK: As it was

  /// RFC 5322 §3.6.6: who sends a message again says so in front of it, all in one block. Others
  /// who get it are not named: a recipient may have been a secret one.
  private func traceFields(
    _ held: HeldMessage, _ recipients: [String], _ now: Int64
  ) -> [UInt8] {
    var fields: [UInt8] = []
    MailWriter.appendField(
      "Received",
      "from quarantine by \(identity.hostName) (Defang) id \(held.id); \(MailDate.text(now))",
      to: &fields)
    MailWriter.appendField("Resent-Date", MailDate.text(now), to: &fields)
    AddressField.append(
      "Resent-From", name: identity.displayName, address: identity.address, to: &fields)
    if recipients.count == 1 {
      AddressField.append("Resent-To", name: nil, address: recipients[0], to: &fields)
    }
    MailWriter.appendField("Resent-Message-ID", writer.messageID(now), to: &fields)
    return fields
  }

  // MARK: Attached

  private func wrapped(
    _ held: HeldMessage, _ recipients: [String], _ form: ReleaseForm, _ now: Int64
  ) -> [UInt8] {
    let boundary = Self.boundary()
    var message: [UInt8] = []
    writer.appendHeader(
      to: recipients.count == 1 ? recipients[0] : nil, subject: subject(held),
      submitted: "auto-generated", now: now, &message)
    MailWriter.appendField(
      "Content-Type", "multipart/mixed; boundary=\"\(boundary)\"", to: &message)
    message.append(contentsOf: "\r\n--\(boundary)\r\n".utf8)
    MailWriter.appendText(words(held), to: &message)
    message.append(contentsOf: "\r\n--\(boundary)\r\n".utf8)
    appendHeld(held, form, to: &message)
    message.append(contentsOf: "\r\n--\(boundary)--\r\n".utf8)
    return message
  }

  private func subject(_ held: HeldMessage) -> String {
    let subject = MailWriter.line(held.subject, bytesMax: 400)
    let what = held.part == nil ? "Released message" : "Released attachment"
    return subject.isEmpty ? what : "\(what): \(subject)"
  }

  private func words(_ held: HeldMessage) -> String {
    let what = held.part == nil ? "message" : "attachment of a message"
    return """
      Attached is the \(what) that was held in quarantine on \(identity.hostName).

      Received: \(MailDate.short(held.receivedSeconds))
      From:     \(DigestText.harmless(held.sender.isEmpty ? "<>" : held.sender))
      Subject:  \(DigestText.harmless(held.subject))
      Reason:   \(DigestText.harmless(held.reason))
      Held as:  \(held.id)

      It was held for that reason. Open it with care.

      """
  }

  private func appendHeld(
    _ held: HeldMessage, _ form: ReleaseForm, to message: inout [UInt8]
  ) {
    if case .zipped(let archive) = form {
      let name = held.part.map(\.name) ?? "message.eml"
      return MailWriter.appendAttachment(
        archive, type: "application/zip", name: (name.isEmpty ? "attachment" : name) + ".zip",
        to: &message)
    }
    if let part = held.part {
      return MailWriter.appendAttachment(
        held.content, type: part.type, name: part.name, to: &message)
    }
    // A message inside of a message is never encoded (RFC 2046 §5.2.1).
    let isASCII = WireText.isASCII(held.content.span)
    MailWriter.appendField("Content-Type", "message/rfc822", to: &message)
    MailWriter.appendField("Content-Transfer-Encoding", isASCII ? "7bit" : "8bit", to: &message)
    MailWriter.appendField(
      "Content-Disposition", "attachment; filename=\"message.eml\"", to: &message)
    message.append(contentsOf: [0x0D, 0x0A])
    message.append(contentsOf: held.content)
  }

  /// 128 random bits: nobody who wrote the content can have put it there.
  private static func boundary() -> String {
    "=_defang_" + RandomText.make(byteCount: 16)
  }
}
