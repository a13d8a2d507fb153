// Lists of what is held, mailed from time to time: to an administrator, or to each recipient his
// own. All that stands in them came by mail from strangers, so it is shown as harmless text.
internal import MailEdits

/// What a policy declares by `digest`.
package struct DigestPlan: Sendable, Equatable {
  package enum Audience: Sendable, Equatable {
    case eachRecipient
    case address(String)
  }

  package let name: String
  package let everySeconds: Int64
  package let audience: Audience

  package init(name: String, everySeconds: Int64, audience: Audience) {
    self.name = name
    self.everySeconds = everySeconds
    self.audience = audience
  }
}

/// One held message or part.
/// - Note: A part is shown to administrators only: whoever took it out did not mean its recipients
///   to let it in again.
package struct DigestLine: Sendable, Equatable {
  package var id: String
  package var receivedSeconds: Int64
  package var expiresSeconds: Int64
  package var sender: String
  package var recipients: [String]
  package var subject: String
  package var reason: String
  package var isPart: Bool

  package init(
    id: String, receivedSeconds: Int64, expiresSeconds: Int64, sender: String,
    recipients: [String], subject: String, reason: String, isPart: Bool = false
  ) {
    self.isPart = isPart
    self.id = id
    self.receivedSeconds = receivedSeconds
    self.expiresSeconds = expiresSeconds
    self.sender = sender
    self.recipients = recipients
    self.subject = subject
    self.reason = reason
  }
}

/// Where what is held is asked for.
package protocol DigestSource: Sendable {
  /// What was received after `since` and not after `until`, and is still held; blocking.
  func held(since: Int64, until: Int64) throws -> [DigestLine]
}

enum DigestText {
  /// One line without controls and without marks that turn the direction of text; no link for a
  /// mail program to make of it.
  static func harmless(_ text: String) -> String {
    let line = MailWriter.line(text, bytesMax: 200)
    var shown = ""
    for scalar in line.unicodeScalars {
      switch scalar.value {
      case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0x061C: continue
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown.replacing("://", with: "[:]//").replacing("www.", with: "www[.]")
  }

  static func text(
    _ lines: [DigestLine], hostName: String, leftOut: Int, token: (DigestLine) -> (String, Int64)
  ) -> String {
    let count = lines.count + leftOut
    var text = """
      \(count == 1 ? "One message is" : "\(count) messages are") newly held in quarantine on \
      \(hostName).
      Whoever looks after the mail server can let one go by its command, once.


      """
    for line in lines {
      let (token, expires) = token(line)
      text += """
        \(MailDate.short(line.receivedSeconds))
          From:    \(harmless(line.sender.isEmpty ? "<>" : line.sender))
          Subject: \(harmless(line.subject))
          Reason:  \(harmless(line.reason))
          Held as: \(line.id), until \(MailDate.short(line.expiresSeconds))
          Release, until \(MailDate.short(expires)):
          defangctl quarantine release --token \(token)


        """
    }
    if leftOut > 0 { text += "And \(leftOut) more, which are not listed here.\n" }
    return text
  }
}
