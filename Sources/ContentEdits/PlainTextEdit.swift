// Edits of plain text in UTF-8, from anybody.

/// Edits of the decoded content of a text part.
package enum PlainTextEdit {
  /// The text with the parameters gone that tracking puts into addresses. All other bytes stay.
  package static func withoutTracking(_ text: [UInt8]) -> [UInt8] {
    var cleaner = TrackingCleaner()
    cleaner.readText(text.span, 0..<text.count, isMarkup: false)
    return cleaner.output(from: text)
  }
}
