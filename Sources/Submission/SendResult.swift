// What became of a mail that was handed to a server, recipient by recipient.

/// Why a mail was not taken.
package enum SendFailure: Error, Sendable, Equatable {
  /// 4xx to this mail or recipient.
  case temporary(SMTPReply)
  /// 5xx to this mail or recipient.
  case permanent(SMTPReply)
  /// The server cannot be used now, whatever the mail: no connection, silence, no TLS, or a refusal
  /// before the mail was named.
  case unreachable(String)
  case fault(ProtocolFault)
  /// The mail cannot be sent to this server as it is.
  case unfit(Unfitness)

  package enum Unfitness: Sendable, Equatable {
    /// 8-bit content and no 8BITMIME: RFC 6152 §3 forbids sending it anyway, and leaves the choice
    /// between converting it, which would break signatures, and this.
    case eightBit
    /// RFC 6531 §3.5: addresses cannot be converted.
    case international
    case tooLarge(bytes: Int, bytesMax: Int)
    case address(String)
    case noRecipients
  }

  /// Trying again is of no use.
  package var isPermanent: Bool {
    switch self {
    case .permanent, .unfit: true
    case .temporary, .unreachable, .fault: false
    }
  }

  /// Other mail would fare no better with this server now.
  package var isOfServer: Bool {
    switch self {
    case .unreachable, .fault: true
    case .temporary, .permanent, .unfit: false
    }
  }
}

extension SendFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .temporary(let reply), .permanent(let reply): return "\(reply)"
    case .unreachable(let reason): return reason
    case .fault(let fault): return "the server breaks the protocol: \(fault.text)"
    case .unfit(.eightBit): return "it has 8-bit content and the server does not offer 8BITMIME"
    case .unfit(.international):
      return "it has addresses beyond ASCII and the server does not offer SMTPUTF8"
    case .unfit(.tooLarge(let bytes, let bytesMax)):
      return "it has \(bytes) bytes and the server takes \(bytesMax)"
    case .unfit(.address(let address)):
      let shown = address.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined()
      return "'\(shown)' is no address"
    case .unfit(.noRecipients): return "it has no recipients"
    }
  }
}

extension ProtocolFault {
  package var text: String {
    switch self {
    case .notAReply(let line): "'\(line)' is no reply"
    case .replyLineTooLong: "a line of its reply is too long"
    case .replyTooLong: "its reply is too long"
    case .unasked(let line): "it says '\(line)' unasked"
    case .textBeforeTLS: "plain text stands behind its answer to STARTTLS"
    case .unexpected(let step, let reply): "it answers \(step) by \(reply)"
    }
  }
}

/// What became of one recipient.
package struct RecipientResult: Sendable, Equatable {
  package let recipient: String
  /// Nil when the server took the mail for it.
  package let failure: SendFailure?
}

/// What became of a mail.
package struct SendResult: Sendable, Equatable {
  package var recipients: [RecipientResult]
  /// The server's last word on what it took.
  package var reply: SMTPReply?

  package var isSent: Bool { recipients.allSatisfy { $0.failure == nil } }

  /// The first there is.
  package var failure: SendFailure? { recipients.lazy.compactMap(\.failure).first }

  /// The same for all of them.
  init(_ recipients: [String], _ failure: SendFailure) {
    self.recipients = recipients.map { RecipientResult(recipient: $0, failure: failure) }
  }

  init(_ recipients: [RecipientResult], reply: SMTPReply? = nil) {
    self.recipients = recipients
    self.reply = reply
  }
}
