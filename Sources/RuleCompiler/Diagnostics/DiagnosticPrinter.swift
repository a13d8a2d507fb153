// The text form of diagnostics (LANGUAGE.md §10). Everything from the source or the command line
// goes through `visible`, so that a rules file cannot send commands to a terminal.

/// Writes diagnostics for people.
package struct DiagnosticPrinter: Sendable {
  package enum Style: Equatable, Sendable { case plain, colour }

  private let sources: SourceSet
  private let style: Style

  package init(sources: SourceSet, style: Style = .plain) {
    self.sources = sources
    self.style = style
  }

  /// All that is to be shown of one run, each line with its line end; empty when all is well.
  package func text(_ diagnostics: Diagnostics) -> String {
    var text = diagnostics.shown.map(self.text).joined()
    let omitted = diagnostics.omittedCount
    if omitted > 0 {
      text += "too many problems: \(omitted) more not shown\n"
    }
    return text
  }

  /// One diagnostic with its notes.
  package func text(_ diagnostic: Diagnostic) -> String {
    let problem = diagnostic.problem
    let isError = diagnostic.severity == .error
    var text = head(
      diagnostic.range, paint(isError ? .red : .magenta, diagnostic.severity.rawValue + ":"),
      "\(problem.message) [\(problem.code.rawValue)]")
    let isBinary = problem.code == .nulByte || problem == .syntax(.isUTF16)
    let echo = isBinary ? nil : echoedLine(diagnostic.range)
    if let echo { text += lines(echo, label: problem.label) }
    let indent = String(repeating: " ", count: echo.map { String($0.lineNumber).count + 1 } ?? 3)
    if let help = problem.help { text += indent + paint(.cyan, "help:") + " \(help)\n" }
    if let fix = FixWording(sources).text(diagnostic) {
      text += indent + paint(.cyan, "fix:") + " \(fix)\n"
    }
    for note in diagnostic.notes {
      text += head(note.range, paint(.cyan, "note:"), note.message)
      if let echo = echoedLine(note.range) { text += lines(echo, label: nil) }
    }
    return text
  }

  /// `policy.rules:14:5: error: …`
  private func head(_ range: SourceRange, _ kind: String, _ message: String) -> String {
    let place = DiagnosticRecord.Place(range, sources: sources)
    let name = place.file.unicodeScalars.map(visible).joined()
    let position = paint(.bold, "\(name):\(place.line):\(place.column):")
    return "\(position) \(kind) \(paint(.bold, message))\n"
  }

  private func echoedLine(_ range: SourceRange) -> EchoedLine? {
    guard let file = sources.file(of: range), !file.bytes.isEmpty else { return nil }
    return EchoedLine(file, range.bytes)
  }

  private func lines(_ echo: EchoedLine, label: String?) -> String {
    let words = label.map { " " + $0 } ?? ""
    return "\(echo.source)\n\(paint(.green, echo.caret + words))\n"
  }

  /// SGR codes of ECMA-48.
  private enum Paint: String {
    case bold = "1"
    case red = "1;31"
    case magenta = "1;35"
    case green = "32"
    case cyan = "36"
  }

  private func paint(_ paint: Paint, _ text: String) -> String {
    style == .plain ? text : "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
  }
}
