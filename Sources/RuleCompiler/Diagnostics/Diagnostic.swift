// A diagnostic: which mistake, where, and what would mend it. Wording lives in the `…+Message`
// files, so that tests and callers compare cases and never text.

/// How much a mistake matters: an error stops the compilation (exit 65), a warning does not.
package enum Severity: String, Equatable, Sendable { case error, warning }

/// One mistake found in a policy.
package struct Diagnostic: Error, Equatable, Sendable {
  /// Another place that explains the mistake.
  package struct Note: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
      /// The bracket or brace that was never closed.
      case opened(String)
      /// The other declaration of the same name, or the one that is meant.
      case declared(String)
      /// The verdict that ends the run before the statement in question.
      case verdict(String)
      /// The other use that collides with this one.
      case first(String)
      /// What is asked for inside a definition that is used here.
      case needs(String)
      /// Where the variable is set.
      case set(String, phase: String?)
      /// What takes all the mail in question: a rule, or with nil a branch.
      case decides(rule: String?)
      /// The condition that holds for all that comes to the place.
      case knownHere
      /// A phrase for what none of the above says.
      case other(String)
    }
    package let reason: Reason
    package let range: SourceRange

    package init(_ reason: Reason, at range: SourceRange) {
      self.reason = reason
      self.range = range
    }
  }

  /// An edit that mends the mistake, safe to apply by machine. An empty range inserts.
  package struct FixIt: Equatable, Sendable {
    package let range: SourceRange
    package let replacement: String

    package init(replace range: SourceRange, with replacement: String) {
      self.range = range
      self.replacement = replacement
    }
  }

  package let problem: Problem
  package let range: SourceRange
  package let notes: [Note]
  package let fixIts: [FixIt]

  package init(
    _ problem: Problem, at range: SourceRange, notes: [Note] = [], fixIts: [FixIt] = []
  ) {
    self.problem = problem
    self.range = range
    self.notes = notes
    self.fixIts = fixIts
  }

  package var severity: Severity { problem.code.severity }
}
