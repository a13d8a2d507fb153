// What SpamAssassin reads of a delivery: it knows the client, the HELO and the sender only from
// fields on top of the header, which a mail server has not written yet when a filter sees the mail.

enum SpamTrace {
  /// Whole fields without their ends; none where nothing is known of a client.
  static func fields(_ envelope: ScanEnvelope) -> [String] {
    var fields: [String] = []
    if let sender = envelope.sender { fields.append("X-Envelope-From: <\(word(sender))>") }
    guard let address = envelope.clientAddress, !address.isEmpty, let host = envelope.hostName
    else { return fields }
    // As sendmail writes it (Mail::SpamAssassin::Message::Metadata::Received knows that form).
    let literal = address.contains(":") ? "IPv6:\(address)" : address
    let name = envelope.clientName.flatMap { $0.isEmpty || $0.hasPrefix("[") ? nil : $0 + " " }
    let helo = envelope.helo.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown"
    let isKnown = envelope.login?.isEmpty == false
    var text = "Received: from \(word(helo)) (\(word(name ?? ""))[\(word(literal))])\r\n"
    text += "\tby \(word(host)) with \(isKnown ? "ESMTPA" : "ESMTP")"
    if let id = envelope.queueID, !id.isEmpty { text += " id \(word(id))" }
    // Several recipients are not told of each other.
    if envelope.recipients.count == 1 { text += "\r\n\tfor <\(word(envelope.recipients[0]))>" }
    if let date = envelope.date { text += "; \(date)" }
    return fields + [text]
  }

  /// A stranger's word must not end the field, nor a comment in it.
  private static func word(_ text: String) -> String {
    ScannerText.line(String(text.filter { !"()<>;\r\n".contains($0) }), bytesMax: wordBytesMax)
  }

  private static let wordBytesMax = 256
}
