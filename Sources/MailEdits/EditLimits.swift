// The limits of what edits may write. The texts come from rules, but rules put mail-controlled
// values into them.

/// Caps on what edits write; what is longer is cut at a character.
package struct EditLimits: Sendable, Equatable {
  /// Bytes of one header value before it is encoded and folded. sendmail keeps 32 KB for a whole
  /// header (`MaxHeadersLength`).
  package var headerValueBytesMax = 16_384
  /// Bytes of one text that a rule puts into a message.
  package var textBytesMax = 1_048_576
  /// Warnings of one message; further ones are counted, not shown.
  package var warningsMax = 100
  /// Bytes of a file name that is written.
  package var nameBytesMax = 255
  /// DKIM signatures that are looked at: verifiers stop sooner (RFC 6376 §6.1).
  package var signaturesMax = 20
  /// Attached messages in an encoding, one inside of the other, whose inside `canonicalize` writes
  /// anew; a deeper one is only decoded.
  package var encodedMessagesMax = 4

  package init() {}
}
