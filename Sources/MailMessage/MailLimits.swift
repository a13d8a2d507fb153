// The limits of the mail reader, and their names as rules see them.
// Trusts nobody: each limit bounds what a sender can make us spend.

/// How much of a message is read. Reaching a limit is recorded in `MailMessage.limitsHit`; what
/// lies beyond it is left unread, and never makes the reader fail.
package struct MailLimits: Sendable, Equatable {
  /// Fields kept of one header block; sendmail and Postfix stay far below it.
  package var headersMax = 1_000
  /// Fields kept of all header blocks of a message together.
  package var allHeadersMax = 20_000
  /// Bytes of the fields kept of all header blocks of a message together.
  package var allHeaderBytesMax = 1 << 20
  /// Bytes of one header block that are read into fields, its closing blank line not counted.
  package var headerBytesMax = 262_144
  /// Parts of a message, containers and the top one included.
  package var partsMax = 500
  /// The deepest `Part.depth`, all kinds of nesting together.
  package var depthMax = 50
  /// Parameters read of one Content-Type or Content-Disposition field (RFC 2045 §5.1).
  package var parametersMax = 128
  /// Names of one part that are compared: three fields that contradict each other have six.
  package var namesMax = 16
  /// Alternative readings of a message.
  package var readingsMax = 64
  /// Bytes that are read again for alternative readings, all together.
  package var readingBytesMax = 32 << 20
  /// Files found inside of texts (uuencode, yEnc, BinHex) and of TNEF.
  package var embeddedFilesMax = 200
  /// Bytes decoded to find parts in them, all together.
  package var embeddedBytesMax = 64 << 20

  package init() {}
}

/// A limit that was reached, by the name that rules use.
package enum MailLimit: String, CaseIterable, Sendable {
  case parts
  case depth
  case headers
  case headerBytes = "header-bytes"
  case decodedBytes = "decoded-bytes"
  case parameters
  case names
  case readings
  case readingBytes = "reading-bytes"
  case embeddedFiles = "embedded-files"
  case embeddedBytes = "embedded-bytes"

  /// The name in the language, such as `header-bytes`.
  package var name: String { rawValue }
}
