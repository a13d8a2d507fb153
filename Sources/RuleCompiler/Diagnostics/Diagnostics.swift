// The collector of one run: every pass reports here, nobody stops at the first mistake.
// Bounded: a file of ten million mistakes costs a counter, not memory.

/// The mistakes of one compilation.
package struct Diagnostics: Sendable {
  private struct Key: Hashable {
    let code: ProblemCode
    let range: SourceRange
  }

  private let limits: CompilerLimits
  private var found: [Diagnostic] = []
  private var seen: Set<Key> = []
  /// Ranges with a syntax error: what a later pass says about the same bytes is a consequence.
  private var broken: Set<SourceRange> = []
  /// The same in order, for ranges around them.
  private var brokenPlaces: [SourceRange] = []
  private var dropped = 0

  /// Errors reported, those beyond the caps included.
  package private(set) var errorCount = 0
  /// Warnings reported, those beyond the caps included.
  package private(set) var warningCount = 0

  package init(limits: CompilerLimits = .standard) {
    self.limits = limits
  }

  package var hasErrors: Bool { errorCount > 0 }

  /// Adds a mistake, unless the same one, or a syntax error, stands at the same range already.
  package mutating func report(_ diagnostic: Diagnostic) {
    let key = Key(code: diagnostic.problem.code, range: diagnostic.range)
    let isSyntax = if case .syntax = diagnostic.problem { true } else { false }
    if seen.contains(key) || (!isSyntax && isConsequence(diagnostic)) { return }
    if diagnostic.severity == .error { errorCount += 1 } else { warningCount += 1 }
    guard found.count < limits.diagnosticsKept else {
      dropped += 1
      return
    }
    seen.insert(key)
    if isSyntax && diagnostic.severity == .error {
      broken.insert(diagnostic.range)
      if brokenPlaces.count < limits.diagnosticsMax { brokenPlaces.append(diagnostic.range) }
    }
    found.append(diagnostic)
  }

  /// What a name or text with a syntax error in it is, nobody knows.
  private func isConsequence(_ diagnostic: Diagnostic) -> Bool {
    if broken.contains(diagnostic.range) { return true }
    switch diagnostic.problem {
    case .name, .argument, .literal: break
    default: return false
    }
    return brokenPlaces.contains { place in
      place.file == diagnostic.range.file && !place.bytes.isEmpty
        && diagnostic.range.bytes.lowerBound <= place.bytes.lowerBound
        && place.bytes.upperBound <= diagnostic.range.bytes.upperBound
    }
  }

  package mutating func report(
    _ problem: Problem, at range: SourceRange,
    notes: [Diagnostic.Note] = [], fixIts: [Diagnostic.FixIt] = []
  ) {
    report(Diagnostic(problem, at: range, notes: notes, fixIts: fixIts))
  }

  /// What is to be shown: sorted by position, at most `CompilerLimits.diagnosticsMax`. When that
  /// is not enough for all, errors go before warnings, so that no error hides behind warnings.
  package var shown: [Diagnostic] {
    var kept = found
    if kept.count > limits.diagnosticsMax {
      let ordered =
        sorted(kept.filter { $0.severity == .error })
        + sorted(kept.filter { $0.severity == .warning })
      kept = Array(ordered.prefix(limits.diagnosticsMax))
    }
    return sorted(kept)
  }

  /// How many mistakes `shown` leaves out; when not 0, the printer says "too many".
  package var omittedCount: Int {
    dropped + max(0, found.count - limits.diagnosticsMax)
  }

  /// By position; at one position in the order of reporting (`sorted` of the library is stable
  /// in fact, not by contract, hence the index).
  private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated()
      .sorted { ($0.element.range, $0.offset) < ($1.element.range, $1.offset) }
      .map(\.element)
  }
}
