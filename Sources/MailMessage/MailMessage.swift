// A message as parts over one buffer. Reading makes ranges only; decoding is asked for by part.
// Trusts nothing in the bytes: limits bound time and memory, and no input makes it fail.

/// A read message: the bytes, and the parts as ranges of them.
package struct MailMessage: Sendable {
  package let bytes: [UInt8]
  /// Depth first, a container before its children; there is always part "1" at index 0.
  package internal(set) var parts: [Part]
  /// The limits that cut the reading short, each once.
  package private(set) var limitsHit: [MailLimit]
  package let limits: MailLimits
  /// Of `MailLimits.readingBytesMax`.
  var readingBytesLeft: Int

  /// Reads a whole message: header, blank line, body.
  package init(_ bytes: consuming [UInt8], limits: MailLimits = MailLimits()) {
    self.init(reading: bytes, limits: limits, isHeaderOnly: false)
  }

  /// The message when only its header has come: one part with an empty body.
  package static func headerOnly(
    _ bytes: consuming [UInt8], limits: MailLimits = MailLimits()
  ) -> MailMessage {
    MailMessage(reading: bytes, limits: limits, isHeaderOnly: true)
  }

  private init(reading bytes: [UInt8], limits: MailLimits, isHeaderOnly: Bool) {
    var reader = StructureReader(bytes: bytes, limits: limits, isHeaderOnly: isHeaderOnly)
    reader.read(bytes.span)
    self.bytes = bytes
    self.limits = limits
    parts = reader.parts
    limitsHit = reader.limitsHit
    readingBytesLeft = max(0, limits.readingBytesMax - reader.rereading.bytesRead)
  }

  mutating func hit(_ limit: MailLimit) {
    if !limitsHit.contains(limit) { limitsHit.append(limit) }
  }

  /// The message's own header.
  package var headers: [HeaderField] { parts[0].fields }

  /// Where the body of the message begins: after the blank line.
  package var headerEnd: Int { parts[0].body.lowerBound }
}
