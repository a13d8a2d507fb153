// Fix-its in words: what an edit puts where, for the `fix:` line of the text form and for SARIF.

/// Says what a fix does.
package struct FixWording: Sendable {
  private let sources: SourceSet

  package init(_ sources: SourceSet) { self.sources = sources }

  /// A longer line would not be read; the edit is in the JSON form.
  private static let columnsMax = 72

  /// `write 'reject'`; nil when there is no fix, or none that fits into a line.
  package func text(_ diagnostic: Diagnostic) -> String? {
    if diagnostic.fixIts.isEmpty { return nil }
    let home = line(diagnostic.range)
    var words: [String] = []
    for fixIt in diagnostic.fixIts {
      let place = line(fixIt.range)
      words.append(
        phrase(fixIt) + (place == home ? "" : " in line \(place)"))
    }
    let text = words.joined(separator: ", ")
    return text.unicodeScalars.count <= Self.columnsMax ? text : nil
  }

  private func phrase(_ fixIt: Diagnostic.FixIt) -> String {
    let new = Self.trimmed(fixIt.replacement)
    if fixIt.range.bytes.isEmpty { return new.isEmpty ? "begin a new line" : "insert " + new }
    let old = sources.file(of: fixIt.range)?.text(fixIt.range.bytes) ?? ""
    if fixIt.replacement.isEmpty {
      let rest = Self.trimmed(old)
      return rest.isEmpty ? "remove the blanks" : "remove " + rest
    }
    return new.isEmpty ? "write a plain blank" : "write " + new
  }

  private func line(_ range: SourceRange) -> Int {
    sources.file(of: range)?.position(ofByte: range.bytes.lowerBound).line ?? 1
  }

  /// Without blanks at its ends, controls made visible.
  private static func trimmed(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
    while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
    return scalars.map(visible).joined()
  }
}
