// A diagnostic with everything computed: for JSON and whatever else wants values, not text.

/// One diagnostic, ready to be written in any form. Positions count from 1, bytes from 0.
package struct DiagnosticRecord: Equatable, Sendable {
  package struct Place: Equatable, Sendable {
    package let file: String
    package let line: Int
    package let column: Int
    package let endLine: Int
    package let endColumn: Int
    package let byteStart: Int
    package let byteEnd: Int
  }

  package struct Note: Equatable, Sendable {
    package let message: String
    package let place: Place
  }

  package struct FixIt: Equatable, Sendable {
    package let replacement: String
    package let place: Place
  }

  package let severity: Severity
  package let code: String
  package let message: String
  package let label: String?
  package let help: String?
  package let place: Place
  package let notes: [Note]
  package let fixIts: [FixIt]
  /// What the fix-its do together, in words; nil without one, or when that is too long.
  package let fix: String?

  package init(_ diagnostic: Diagnostic, sources: SourceSet) {
    let problem = diagnostic.problem
    severity = diagnostic.severity
    code = problem.code.rawValue
    message = problem.message
    label = problem.label
    help = problem.help
    place = Place(diagnostic.range, sources: sources)
    notes = diagnostic.notes.map {
      Note(message: $0.message, place: Place($0.range, sources: sources))
    }
    fixIts = diagnostic.fixIts.map {
      FixIt(replacement: $0.replacement, place: Place($0.range, sources: sources))
    }
    fix = FixWording(sources).text(diagnostic)
  }
}

extension DiagnosticRecord.Place {
  package init(_ range: SourceRange, sources: SourceSet) {
    let source = sources.file(of: range)
    let first = source?.position(ofByte: range.bytes.lowerBound) ?? (line: 1, column: 1)
    let last = source?.position(ofByte: range.bytes.upperBound) ?? (line: 1, column: 1)
    self.init(
      file: source?.name ?? "", line: first.line, column: first.column, endLine: last.line,
      endColumn: last.column, byteStart: range.bytes.lowerBound, byteEnd: range.bytes.upperBound)
  }
}
