// What must last before the mail server gets its answer: messages and parts for the quarantine,
// copies, files behind links, mails to send, content that goes through a program. Values only: the
// machine decides, whoever drives the session carries them out and says how each of them went.

/// What one message asks for, all of it to be carried out in this order.
package struct ErrandOrder: Sendable, Equatable {
  package let mail: MailDescription
  /// The message as received.
  package let message: [UInt8]
  package let errands: [Errand]

  package init(mail: MailDescription, message: [UInt8], errands: [Errand]) {
    self.mail = mail
    self.message = message
    self.errands = errands
  }
}

/// What is known of a message besides its bytes; what is not known is empty.
package struct MailDescription: Sendable, Equatable {
  package var sessionID = ""
  package var queueID = ""
  /// Without brackets; empty for the null sender.
  package var sender = ""
  /// The accepted recipients, without brackets.
  package var recipients: [String] = []
  package var clientAddress = ""
  package var clientName = ""
  package var helo = ""
  package var login = ""
  /// Decoded.
  package var subject = ""
  package var messageID = ""
  package var references = ""
  package var inReplyTo = ""
  /// Digest of the policy that decided, hexadecimal.
  package var policy = ""
  /// `settings :admin` and `settings :daemon`.
  package var admin: String?
  package var daemon: String?
  package var isLocalSubmission = false

  package init() {}
}

/// One thing to carry out.
package struct Errand: Sendable, Equatable {
  package enum Work: Sendable, Equatable {
    case quarantine(QuarantineErrand)
    /// The message as received goes into a store.
    case copy(StorePlace)
    case link(LinkErrand)
    case filter(FilterErrand)
    case notice(Notice)
    /// Whether the message is our own, by the envelope identifier that its client gave.
    case knowEnvelope(String)
    /// The same by the mark in its header; it is used up by that.
    case knowMessage
    /// A copy of the message, as it is to be delivered, for recipients of its own.
    case send(sender: String, recipients: [String], message: [UInt8])
    /// From now on this was seen: the arguments of a `duplicate` of a message that is taken.
    case noteDuplicate([String])
    /// The message is taken: who wrote it, and to whom one of ours wrote.
    case noteSenders(SenderNote)
    case sign(SigningErrand)
    /// Handed over only: whoever carries it out does so when the mail server has its answer.
    case learn(LearningErrand)
  }

  package let work: Work
  /// The rule that asked for it first.
  package let rule: String?
  /// When it fails the message is not accepted, so what follows need not be done.
  package let isDecisive: Bool

  package init(_ work: Work, rule: String?, isDecisive: Bool = false) {
    self.work = work
    self.rule = rule
    self.isDecisive = isDecisive
  }
}

/// What is remembered of the correspondents of a message that is accepted.
package struct SenderNote: Sendable, Equatable {
  /// The address outside that wrote to us; nil where one of ours wrote.
  package var from: String?
  /// The addresses outside that one of ours wrote to.
  package var to: [String] = []

  package init(from: String? = nil, to: [String] = []) {
    self.from = from
    self.to = to
  }
}

/// A message, or one part of it, for the quarantine.
package struct QuarantineErrand: Sendable, Equatable {
  /// `${quarantine.id}`: of everything that one message leaves there.
  package let id: String
  package let reason: String
  /// Who does not get it for now; for a copy, and for a part, all recipients.
  package let recipients: [String]
  /// The message goes on as well.
  package let isCopy: Bool
  /// Nil for the whole message.
  package let part: PartCopy?

  package init(
    id: String, reason: String, recipients: [String], isCopy: Bool, part: PartCopy? = nil
  ) {
    self.id = id
    self.reason = reason
    self.recipients = recipients
    self.isCopy = isCopy
    self.part = part
  }
}

/// One part with its content.
package struct PartCopy: Sendable, Equatable {
  package let path: String
  /// As the mail has it: no file may be called so unseen.
  package let name: String
  package let type: String
  /// Decoded.
  package let content: [UInt8]
  /// Header and body as received.
  package let raw: [UInt8]

  package init(path: String, name: String, type: String, content: [UInt8], raw: [UInt8]) {
    self.path = path
    self.name = name
    self.type = type
    self.content = content
    self.raw = raw
  }
}

/// A `store` of the policy.
package struct StorePlace: Sendable, Hashable {
  package let name: String
  package let directory: String
  package let url: String?
  package let expireSeconds: Int?
  package let mode: UInt32?

  package init(
    name: String, directory: String, url: String? = nil, expireSeconds: Int? = nil,
    mode: UInt32? = nil
  ) {
    self.name = name
    self.directory = directory
    self.url = url
    self.expireSeconds = expireSeconds
    self.mode = mode
  }
}

/// A part's content that is had by a link.
package struct LinkErrand: Sendable, Equatable {
  package let store: StorePlace
  package let place: LinkPlace
  package let part: PartCopy

  package init(store: StorePlace, place: LinkPlace, part: PartCopy) {
    self.store = store
    self.place = place
    self.part = part
  }
}

/// Where the content of a part is found in a store.
package struct LinkPlace: Sendable, Equatable {
  /// SHA-256 of the content, or with `:salt` of that and the salt.
  package let digest: String
  /// Percent-encoded (RFC 3986 §2.1).
  package let file: String
  package let url: String

  package init(digest: String, file: String, url: String) {
    self.digest = digest
    self.file = file
    self.url = url
  }
}

/// A part's content that goes through a `program` of the policy.
package struct FilterErrand: Sendable, Equatable {
  package let program: String
  package let words: [String]
  package let timeoutSeconds: Int
  package let content: [UInt8]

  package init(program: String, words: [String], timeoutSeconds: Int, content: [UInt8]) {
    self.program = program
    self.words = words
    self.timeoutSeconds = timeoutSeconds
    self.content = content
  }
}

/// `train`: the message is given to a scanner to learn from.
package struct LearningErrand: Sendable, Equatable {
  package let scanner: String
  /// Else it is ham.
  package let isSpam: Bool

  package init(scanner: String, isSpam: Bool) {
    self.scanner = scanner
    self.isSpam = isSpam
  }
}

/// How one errand went.
package enum ErrandResult: Sendable, Equatable {
  case done
  /// What the program made of the content.
  case content([UInt8])
  /// The fields of a signature, from the top; none where there is nothing that can be signed.
  case fields([SignedField])
  /// For trace and log.
  case failed(reason: String)
  /// A decisive one before it failed.
  case skipped
}
