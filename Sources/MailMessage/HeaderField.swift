// One field of a header as byte ranges of the message: nothing is copied until somebody asks.

/// A header field; the ranges are byte offsets in `MailMessage.bytes`.
package struct HeaderField: Sendable, Equatable {
  /// The name, without the colon and blanks before it.
  package let name: Range<Int>
  /// All after the colon, folds inside, without the last line end. Cut off at
  /// `MailLimits.headerBytesMax`.
  package let value: Range<Int>
  /// The whole field with its last line end.
  package let line: Range<Int>

  package init(name: Range<Int>, value: Range<Int>, line: Range<Int>) {
    self.name = name
    self.value = value
    self.line = line
  }
}
