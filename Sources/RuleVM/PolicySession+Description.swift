// What is known of a message besides its bytes, for whoever stores it or writes about it.
internal import MailMessage
internal import RuleBytecode

extension PolicySession {
  /// Of this message; named where no rule has named it.
  var quarantineID: String {
    if machine.facts[.quarantineID] == nil { try? machine.nameQuarantine() }
    return text(of: .quarantineID)
  }

  var mailDescription: MailDescription {
    var mail = MailDescription()
    mail.sessionID = text(of: .sessionID)
    mail.queueID = text(of: .queueID)
    mail.sender = text(of: .sender)
    mail.recipients = machine.recipients.map(\.address)
    mail.clientAddress = text(of: .clientIP)
    mail.clientName = text(of: .clientName)
    mail.helo = text(of: .helo)
    mail.login = text(of: .authUser)
    mail.subject = decodedField("subject")
    mail.messageID = decodedField("message-id")
    mail.references = decodedField("references")
    mail.inReplyTo = decodedField("in-reply-to")
    mail.policy = policy.program.digest.hex
    mail.admin = policy.setting("admin")
    mail.daemon = policy.setting("daemon")
    mail.isLocalSubmission = machine.isLocalSubmission
    return mail
  }

  /// A question with the mail that it is about, where its kind wants it.
  func withMail(_ request: CheckRequest) -> CheckRequest {
    guard request.subject != nil, let message = machine.message else { return request }
    var request = request
    request.subject?.message = message.bytes
    request.subject?.mail = mailDescription
    return request
  }

  /// What the mail server said by macros, with names as it says them but for their braces.
  package var macros: [(name: String, value: String, outlivesMessage: Bool)] {
    let (ofSession, ofMessage) = (machine.facts.sessionMacros, machine.facts.messageMacros)
    let all = ofSession.map { ($0, $1, true) } + ofMessage.map { ($0, $1, false) }
    return all.map { (String(decoding: $0, as: UTF8.self), text(of: $1), $2) }
      .sorted { $0.0 < $1.0 }
  }

  /// The ESMTP arguments of MAIL, as `NAME=VALUE`.
  package var senderArguments: [String] {
    machine.facts.senderArguments.map { name, word in
      let value = text(of: word)
      return String(decoding: name, as: UTF8.self) + (value.isEmpty ? "" : "=" + value)
    }.sorted()
  }

  package var isOfThisHost: Bool { machine.isLocalSubmission }

  private func text(of word: TextWord) -> String {
    String(decoding: machine.bytes(of: word, policy.program), as: UTF8.self)
  }

  /// The first field of that name, decoded and bounded; empty where there is none.
  package func decodedField(_ name: String) -> String {
    guard let message = machine.message, let field = message.fields(named: name).first else {
      return ""
    }
    var bytes: [UInt8] = []
    message.appendDecoded(field, to: &bytes)
    return String(decoding: bytes.prefix(Self.fieldBytesMax), as: UTF8.self)
  }

  private static let fieldBytesMax = 1_000
}
