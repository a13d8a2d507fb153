// A mail of ours on its way out: a value with envelope and bytes.

/// What kind of mail it is; it decides about delivery reports.
package enum MailPurpose: String, Sendable, Codable, CaseIterable {
  /// A notice, to the administrator or a sender.
  case notice
  /// A list of what is held.
  case digest
  /// A message that was held and is let go.
  case release
  /// A copy of a message for some of its recipients.
  case copy

  /// Nobody waits for a report about a mail that a program wrote (RFC 3834 §3.3): NOTIFY=NEVER.
  var wantsNoReports: Bool { self == .notice || self == .digest }
}

package struct OutgoingMail: Sendable, Equatable {
  package var purpose: MailPurpose
  /// Empty for the null sender.
  package var sender: String
  package var recipients: [String]
  /// Header, empty line, body. Line ends may be any; they leave as CRLF.
  package var message: [UInt8]
  /// The message needs SMTPUTF8 (RFC 6531) beyond its addresses, which are looked at anyway.
  package var needsSMTPUTF8: Bool
  /// It carries our mark, so that the filter lets it by.
  package var isMarked: Bool
  /// For ENVID= where the server offers DSN; set by the mark.
  var envelopeID: String?

  package init(
    purpose: MailPurpose, sender: String, recipients: [String], message: [UInt8],
    needsSMTPUTF8: Bool = false, isMarked: Bool = true
  ) {
    self.purpose = purpose
    self.sender = sender
    self.recipients = recipients
    self.message = message
    self.needsSMTPUTF8 = needsSMTPUTF8
    self.isMarked = isMarked
  }

  /// Addresses or header fields that only SMTPUTF8 carries.
  var isInternational: Bool {
    needsSMTPUTF8 || ([sender] + recipients).contains { $0.utf8.contains { $0 >= 0x80 } }
  }
}

/// An address as it may stand between the angle brackets of MAIL and RCPT.
enum MailPath {
  /// Nothing that ends the path or the line: controls never, blanks and brackets only quoted.
  static func isSafe(_ address: String, bytesMax: Int) -> Bool {
    guard address.utf8.count <= bytesMax else { return false }
    var isQuoted = false
    var isEscaped = false
    for byte in address.utf8 {
      guard byte >= 0x20, byte != 0x7F else { return false }
      if isEscaped {
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\") where isQuoted: isEscaped = true
      case UInt8(ascii: "\""): isQuoted.toggle()
      case 0x20, UInt8(ascii: "<"), UInt8(ascii: ">"): if !isQuoted { return false }
      default: break
      }
    }
    return !isQuoted && !isEscaped
  }
}
