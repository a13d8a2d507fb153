// The mark of our own mail: a header field that only who has the key can write, for one message,
// one sender, the recipients named, one day and one use. A second form of it, ENVID= at MAIL, tells
// the filter before the message comes.
//
// Bound are what a reader acts on and mail servers leave alone: the body, as DKIM's "relaxed" form
// (RFC 6376 §3.4.4), so that trailing blanks do not count, and the fields of `fieldNames` that the
// message has. From and To are not, since mail servers complete addresses in them.
internal import MailMessage

package enum MarkFault: String, Sendable, Equatable, CaseIterable {
  case malformed, expired, altered
  case unknownKey = "of another key"
  case otherRecipient = "for other recipients"
  case replayed = "used before"
}

/// What makes a mark one and only.
package struct MarkNonce: Sendable, Hashable {
  package let text: String
  /// Seconds since 1970; needs no remembering longer.
  package let expires: Int64
}

/// Addresses as the mark knows them: a domain has no case.
enum MarkAddress {
  static func canonical(_ address: String) -> String {
    guard let at = address.lastIndex(of: "@") else { return address }
    return String(address[..<at]) + address[at...].lowercased()
  }

  /// A recipient in the field: eight bytes of a keyed digest, so the field names nobody.
  static func tag(_ address: String, _ nonce: String, _ key: MarkKey) -> String {
    let content = Array((nonce + "\n" + canonical(address)).utf8)
    return Base64Encoder.text(key.signature("recipient", content).prefix(8), .nameSafe)
  }
}

struct Mark: Sendable, Equatable {
  static let fieldName = "Defang-Mark"
  static let fieldNames = [
    "message-id", "date", "subject", "mime-version", "content-type", "content-transfer-encoding",
  ]

  var keyIdentifier: String
  var made: Int64
  var expires: Int64
  var nonce: String
  /// Which of `fieldNames` are bound.
  var fields: [String]
  var recipientTags: [String]
  var signature: [UInt8]

  /// - Parameter message: With CRLF line ends, as it will be sent.
  init(
    _ message: [UInt8], sender: String, recipients: [String], key: MarkKey, now: Int64,
    validSeconds: Int64
  ) {
    let header = MarkedHeader(message)
    keyIdentifier = key.identifier
    made = now
    expires = now + validSeconds
    nonce = RandomText.make(byteCount: 16)
    fields = Self.fieldNames.filter { header.values[$0]?.count == 1 }
    let nonce = self.nonce
    recipientTags = recipients.map { MarkAddress.tag($0, nonce, key) }
    signature = []
    signature = key.signature("mark", content(header, message, sender: sender))
  }

  /// All that is signed, each piece on a line of its own; none of them can hold a line end.
  func content(_ header: MarkedHeader, _ message: [UInt8], sender: String) -> [UInt8] {
    var lines = [
      "v=1", "k=\(keyIdentifier)", "t=\(made)", "x=\(expires)", "n=\(nonce)",
      "r=\(recipientTags.joined(separator: ","))", "from=\(MarkAddress.canonical(sender))",
    ]
    for name in fields { lines.append("\(name):\(header.values[name]?.first ?? "")") }
    let digest = RelaxedBody.digest(message, from: header.bodyStart)
    lines.append("body=" + Base64Encoder.text(digest, .nameSafe))
    return Array(lines.joined(separator: "\n").utf8)
  }

  // MARK: Text

  /// The field's value without folds.
  var text: String {
    "v=1; k=\(keyIdentifier); t=\(made); x=\(expires); n=\(nonce);"
      + " h=\(fields.joined(separator: ":")); r=\(recipientTags.joined(separator: ", "));"
      + " s=\(Base64Encoder.text(signature, .nameSafe))"
  }

  /// Nil unless it is as `text` writes it, blanks aside.
  init?(_ text: String, limits: SubmissionLimits) {
    guard text.utf8.count <= limits.markFieldBytesMax else { return nil }
    let bare = String(text.unicodeScalars.filter { !" \t\r\n".unicodeScalars.contains($0) })
    var tags: [String: String] = [:]
    for piece in bare.split(separator: ";") {
      guard let equals = piece.firstIndex(of: "=") else { return nil }
      let name = String(piece[..<equals])
      guard tags.updateValue(String(piece[piece.index(after: equals)...]), forKey: name) == nil
      else { return nil }
    }
    guard tags.count == 8, tags["v"] == "1", let key = tags["k"],
      let made = tags["t"].flatMap({ Int64($0) }), let expires = tags["x"].flatMap({ Int64($0) }),
      let nonce = tags["n"], Base64Text.decodeSafely(nonce)?.count == 16, let names = tags["h"],
      let recipients = tags["r"], let signature = tags["s"].flatMap(Base64Text.decodeSafely),
      signature.count == 32
    else { return nil }
    keyIdentifier = key
    self.made = made
    self.expires = expires
    self.nonce = nonce
    fields = names.split(separator: ":").map(String.init)
    recipientTags = recipients.split(separator: ",").map(String.init)
    self.signature = signature
    guard fields.allSatisfy(Self.fieldNames.contains),
      recipientTags.count <= limits.recipientsMax
    else { return nil }
  }
}

/// The form for ENVID= (RFC 3461 §4.4): at most 100 characters, none of which xtext would encode.
struct EnvelopeMark: Sendable, Equatable {
  static let prefix = "defang1."

  static func make(nonce: String, expires: Int64, sender: String, key: MarkKey) -> String {
    let content = Self.content(key.identifier, nonce, expires, sender)
    let signature = key.signature("envelope", content).prefix(16)
    return prefix
      + [key.identifier, String(expires), nonce, Base64Encoder.text(signature, .nameSafe)]
      .joined(separator: ".")
  }

  static func content(
    _ identifier: String, _ nonce: String, _ expires: Int64, _ sender: String
  ) -> [UInt8] {
    let lines = [identifier, String(expires), nonce, MarkAddress.canonical(sender)]
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// What stands in it if it is well made and of one of the keys.
  static func nonce(of text: String, sender: String, keys: MarkKeys) -> MarkNonce? {
    guard text.hasPrefix(prefix), text.utf8.count <= 100 else { return nil }
    let pieces = text.dropFirst(prefix.count).split(
      separator: ".", omittingEmptySubsequences: false)
    guard pieces.count == 4, let key = keys.key(pieces[0]), let expires = Int64(pieces[1]),
      let signature = Base64Text.decodeSafely(pieces[3]), signature.count == 16
    else { return nil }
    let nonce = String(pieces[2])
    let content = content(key.identifier, nonce, expires, sender)
    guard key.isValid(signature, "envelope", content) else { return nil }
    return MarkNonce(text: nonce, expires: expires)
  }
}
