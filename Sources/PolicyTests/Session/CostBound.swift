// What a session may have cost at most, by the worst case of its policy: measured fuel above it
// means that the cost table is wrong somewhere, so each test that is played looks.
internal import MailMessage
internal import RuleBytecode

struct CostBound {
  let used: Int
  let bound: Int

  /// What a test's report says when more was spent than can be.
  var difference: Difference? {
    guard used > bound else { return nil }
    return Difference("fuel", expected: "at most \(bound)", got: "\(used)")
  }

  /// Caps as small as this message.
  static func caps(for message: [UInt8], recipients: Int) -> InputCaps {
    let mail = MailMessage(message)
    var caps = InputCaps()
    caps.headerBytes = mail.headerEnd
    caps.fields = max(1, mail.headers.count)
    caps.messageBytes = message.count
    caps.allHeaderBytes = message.count
    // A byte of a one-byte charset is three of UTF-8 at most.
    caps.decodedBytes = 3 * message.count
    let variants = mail.parts.indices.reduce(0) { $0 + mail.contentVariants(of: $1).count }
    let readings = mail.parts.filter { $0.reading > 0 }.count
    caps.readingBytes = min(caps.readingBytes, (variants + readings) * message.count)
    caps.embeddedBytes = caps.decodedBytes
    caps.parts = max(1, mail.parts.count + variants)
    caps.recipients = max(1, recipients)
    return caps
  }
}

extension InputCaps {
  mutating func widen(to other: InputCaps) {
    headerBytes = max(headerBytes, other.headerBytes)
    fields = max(fields, other.fields)
    messageBytes = max(messageBytes, other.messageBytes)
    allHeaderBytes = max(allHeaderBytes, other.allHeaderBytes)
    decodedBytes = max(decodedBytes, other.decodedBytes)
    readingBytes = max(readingBytes, other.readingBytes)
    embeddedBytes = max(embeddedBytes, other.embeddedBytes)
    textBytes = max(textBytes, other.textBytes)
    parts = max(parts, other.parts)
    recipients = max(recipients, other.recipients)
  }
}
