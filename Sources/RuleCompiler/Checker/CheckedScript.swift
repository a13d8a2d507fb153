// The checked policy: names are resolved, kinds and phases fit, nothing is asked again further
// down. Only the checker makes one.

import RuleBytecode

/// A test that knows its own code.
protocol TestCode: Sendable {
  /// Leaves the test's value in `target`.
  func emit(into target: Register, _ out: inout BlockEmitter)
}

/// An action that knows its own code.
protocol ActionCode: Sendable {
  func emit(_ out: inout BlockEmitter)
}

struct CheckedTest: Sendable {
  indirect enum Form: Sendable {
    case leaf(any TestCode)
    case all([CheckedTest])
    case any([CheckedTest])
    case not(CheckedTest)
    /// Whether the test comes out as an error.
    case failed(CheckedTest)
  }

  let range: SourceRange
  let form: Form
  var failures = Failures.none
  /// The value, where the source alone shows it.
  var constant: Bool?
  /// What its texts need to have been asked before.
  var factChecks: FactChecks?

  init(
    _ code: any TestCode, at range: SourceRange, failures: Failures = .none,
    constant: Bool? = nil
  ) {
    self.init(form: .leaf(code), at: range, failures: failures, constant: constant)
  }

  init(form: Form, at range: SourceRange, failures: Failures, constant: Bool?) {
    self.form = form
    self.range = range
    self.failures = failures
    self.constant = constant
  }

  var canFail: Bool { failures.isPossible }
}

/// A test with what answers its failures.
struct CheckedCondition: Sendable {
  let test: CheckedTest
  let policy: FailurePolicy
}

struct CheckedStatement: Sendable {
  struct Branch: Sendable {
    /// Nil for `else`.
    let condition: CheckedCondition?
    let body: [CheckedStatement]
  }

  enum Form: Sendable {
    case action(any ActionCode)
    case conditional([Branch])
    case loop(CheckedLoop)
    case included(CheckedInclusion)
  }

  let range: SourceRange
  let form: Form
  /// What its texts need to have been asked before, and what answers a failure of that.
  var factChecks: (checks: FactChecks, policy: FailurePolicy)?

  init(
    range: SourceRange, form: Form,
    factChecks: (checks: FactChecks, policy: FailurePolicy)? = nil
  ) {
    self.range = range
    self.form = form
    self.factChecks = factChecks
  }
}

/// Statements that run once for each part or recipient.
struct CheckedLoop: Sendable {
  let kind: LoopKind
  let body: [CheckedStatement]
}

struct CheckedRule: Sendable {
  let name: String
  let range: SourceRange
  let body: [CheckedStatement]
  /// Its name, or for a plain script its first command.
  let place: SourceRange
  var mode = RuleMode.enforce
  var severity = ""
  var reference = ""
  /// A plain Sieve script: `discard` and `stop` mean what RFC 5228 says.
  var isPlain = false
}

/// Rules that run where a test holds.
struct CheckedGroup: Sendable {
  let condition: CheckedCondition
  let items: [CheckedItem]
}

/// What stands in a phase.
enum CheckedItem: Sendable {
  case rule(CheckedRule)
  case group(CheckedGroup)
  /// What one file has of a phase: `return` goes to its end.
  case file([CheckedItem])
}

struct CheckedPhase: Sendable {
  let phase: Phase
  let items: [CheckedItem]
}

/// `every SECONDS "name" { … }`.
struct CheckedTimer: Sendable {
  let seconds: Int
  let rule: CheckedRule
}

struct CheckedFunction: Sendable {
  enum Body: Sendable {
    case test(CheckedTest)
    case statements([CheckedStatement])
  }

  let name: String
  let range: SourceRange
  let body: Body
  /// The functions it calls, by index.
  let callees: Set<Int>
}

package struct CheckedScript: Sendable {
  /// What the first file says for all of it.
  let filePolicy: FailurePolicy
  /// In order of definition.
  let functions: [CheckedFunction]
  /// By phase, in session order; only phases with rules.
  let phases: [CheckedPhase]
  let timers: [CheckedTimer]
  /// The functions that each phase calls, by index.
  let callees: [Phase: Set<Int>]
  /// Matches whose variables are read.
  let capturedMatches: Set<Int>
  /// In the order of the policy.
  let declarations: [CheckedDeclaration]
  /// By `Table.index`.
  let tables: [Table]
  /// Scripts that are included with `:once` somewhere.
  let onceFiles: Set<Int>
}
