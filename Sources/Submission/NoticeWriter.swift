// Mail of our own making: notices and digests. Texts and subjects may hold mail-controlled words;
// they go into clean header values and into encoded text, so none of it can become structure.
internal import MailEdits
internal import MailMessage

/// Who writes, and from where.
package struct MailIdentity: Sendable, Equatable {
  /// The host's name: in Message-ID and, without `daemonAddress`, in From.
  package var hostName: String
  /// `settings :daemon`.
  package var daemonAddress: String?
  /// What stands before the address.
  package var displayName = "Mail filter"

  package init(hostName: String, daemonAddress: String? = nil) {
    self.hostName = hostName
    self.daemonAddress = daemonAddress
  }

  var address: String { daemonAddress ?? "postmaster@\(hostName)" }
}

/// What one notice is to say.
package struct NoticeText: Sendable, Equatable {
  /// Where it goes.
  package var address: String
  /// It goes to the sender of the message, who is told with more care.
  package var isToSender: Bool
  package var subject: String?
  package var texts: [String]

  package init(address: String, isToSender: Bool, subject: String?, texts: [String]) {
    self.address = address
    self.isToSender = isToSender
    self.subject = subject
    self.texts = texts
  }
}

/// The message that a notice is about.
package struct NoticeContext: Sendable, Equatable {
  /// Decoded.
  package var subject: String?
  /// The values of these fields as they stand in the message.
  package var messageID: String?
  package var references: String?
  package var inReplyTo: String?

  package init(
    subject: String? = nil, messageID: String? = nil, references: String? = nil,
    inReplyTo: String? = nil
  ) {
    self.subject = subject
    self.messageID = messageID
    self.references = references
    self.inReplyTo = inReplyTo
  }
}

package struct NoticeWriter: Sendable {
  private let identity: MailIdentity
  private let limits: SubmissionLimits

  package init(_ identity: MailIdentity, limits: SubmissionLimits = .init()) {
    self.identity = identity
    self.limits = limits
  }

  /// The mail for a notice; nil for an address that cannot be written to. It has the null sender,
  /// so that no report about it ever comes back (RFC 3834 §3.3).
  package func mail(
    for notice: NoticeText, _ context: NoticeContext, now: Int64 = SystemClock.now
  ) -> OutgoingMail? {
    var text = notice.texts.map(Self.ended).joined(separator: "\n")
    if text.utf8.count > limits.noticeTextBytesMax {
      text = String(decoding: text.utf8.prefix(limits.noticeTextBytesMax), as: UTF8.self)
    }
    let fallback = context.subject.flatMap { $0.isEmpty ? nil : $0 }.map { "About: " + $0 }
    let subject = notice.subject ?? fallback ?? "About a message"
    var fields: [(String, String)] = []
    if notice.isToSender { fields = Self.threadFields(context) }
    return mail(
      .notice, to: notice.address, subject: subject, fields: fields, text: text,
      submitted: notice.isToSender ? "auto-replied" : "auto-generated", now: now)
  }

  /// Any mail of ours with one text.
  func mail(
    _ purpose: MailPurpose, to address: String, subject: String, fields: [(String, String)] = [],
    text: String, submitted: String = "auto-generated", now: Int64
  ) -> OutgoingMail? {
    guard Self.isWritable(address, limits) else { return nil }
    var message: [UInt8] = []
    appendHeader(to: address, subject: subject, submitted: submitted, now: now, &message)
    for (name, value) in fields { MailWriter.appendField(name, value, to: &message) }
    MailWriter.appendText(text, to: &message)
    return OutgoingMail(
      purpose: purpose, sender: "", recipients: [address], message: message,
      needsSMTPUTF8: identity.address.utf8.contains { $0 >= 0x80 })
  }

  /// - Parameter address: Nil where the recipients are not to know of each other.
  func appendHeader(
    to address: String?, subject: String, submitted: String, now: Int64, _ message: inout [UInt8]
  ) {
    AddressField.append(
      "From", name: identity.displayName, address: identity.address, to: &message)
    if let address {
      AddressField.append("To", name: nil, address: address, to: &message)
    } else {
      MailWriter.appendField("To", "undisclosed-recipients:;", to: &message)
    }
    MailWriter.appendField("Subject", subject, to: &message, valueBytesMax: 998)
    MailWriter.appendField("Date", MailDate.text(now), to: &message)
    MailWriter.appendField("Message-ID", messageID(now), to: &message)
    MailWriter.appendField("MIME-Version", "1.0", to: &message)
    // RFC 3834 §5. No Precedence field, which §3.1.8 calls a thing of the past.
    MailWriter.appendField("Auto-Submitted", submitted, to: &message)
    // For Exchange, which answers what has only the standard's field.
    MailWriter.appendField("X-Auto-Response-Suppress", "All", to: &message)
  }

  func messageID(_ now: Int64) -> String {
    "<\(now).\(RandomText.make(byteCount: 12))@\(identity.hostName)>"
  }

  /// A notice stands in the thread of the message it answers (RFC 5322 §3.6.4, RFC 3834 §3.1.6).
  private static func threadFields(_ context: NoticeContext) -> [(String, String)] {
    guard let id = context.messageID.flatMap({ identifiers($0).first }) else { return [] }
    let before = context.references ?? context.inReplyTo ?? ""
    // The first names the thread, the last ones the place in it.
    let ids = identifiers(before)
    let kept = ids.count > 20 ? ids.prefix(1) + ids.suffix(18) : ids[...]
    return [("In-Reply-To", id), ("References", (kept + [id]).joined(separator: " "))]
  }

  /// What is plainly a message identifier.
  private static func identifiers(_ text: String) -> [String] {
    text.split { $0.isWhitespace }.map(String.init).filter { word in
      word.hasPrefix("<") && word.hasSuffix(">") && word.utf8.count <= 255 && word.contains("@")
        && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
  }

  private static func ended(_ text: String) -> String {
    text.hasSuffix("\n") ? text : text + "\n"
  }

  static func isWritable(_ address: String, _ limits: SubmissionLimits) -> Bool {
    !address.isEmpty && MailPath.isSafe(address, bytesMax: limits.addressBytesMax)
      && !address.utf8.contains(0x20)
  }
}

/// `Name <address>` in one line. The address is written as it is, since an encoded-word may not
/// stand in it (RFC 2047 §5); one beyond ASCII needs SMTPUTF8, which its envelope asks for.
enum AddressField {
  static func append(_ field: String, name: String?, address: String, to bytes: inout [UInt8]) {
    var value = Array("\(field): ".utf8)
    if let name, !name.isEmpty {
      let clean = MailWriter.line(name, bytesMax: 200)
      if clean.utf8.allSatisfy(isPhraseByte) {
        value.append(contentsOf: clean.utf8)
      } else {
        value.append(contentsOf: Self.encoded(clean))
      }
      value.append(0x20)
    }
    let safe = MailWriter.line(address, bytesMax: 512)
    value.append(contentsOf: "<\(safe)>\r\n".utf8)
    bytes.append(contentsOf: value)
  }

  /// Atoms and blanks (RFC 5322 §3.2.3).
  private static func isPhraseByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }
  }

  /// Encoded-words of at most 75 characters, each of whole characters, on lines of their own.
  private static func encoded(_ text: String) -> [UInt8] {
    var words: [String] = []
    var piece: [UInt8] = []
    for character in text.unicodeScalars {
      let bytes = Array(String(character).utf8)
      if piece.count + bytes.count > 42 {
        words.append(Base64Encoder.text(piece))
        piece = []
      }
      piece += bytes
    }
    words.append(Base64Encoder.text(piece))
    return Array(words.map { "=?utf-8?b?\($0)?=" }.joined(separator: "\r\n ").utf8)
  }
}
