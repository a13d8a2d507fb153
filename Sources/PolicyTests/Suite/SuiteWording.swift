// Errors as suites look at them. Suites count one line more than there are mistakes: the summary
// that other Sieve compilers end with.
internal import RuleCompiler

enum SuiteWording {
  static func errors(_ diagnostics: Diagnostics, _ sources: SourceSet) -> [String] {
    let found = diagnostics.shown.filter { $0.severity == .error }
    guard !found.isEmpty else { return [] }
    return found.map { text($0, sources) } + ["validation failed"]
  }

  private static func text(_ diagnostic: Diagnostic, _ sources: SourceSet) -> String {
    let record = DiagnosticRecord(diagnostic, sources: sources)
    return "line \(record.place.line): error: \(record.message)."
  }
}
