// Which failures a test can have, and what a place of the policy says about them.

import RuleBytecode

/// What can go wrong while a test is answered.
struct Failures: Sendable {
  /// Where a class comes from, for the message that no answer is stated.
  struct Origin: Sendable {
    let test: String
    let range: SourceRange
    /// What the file of the definition says that holds the test.
    var fallback: FailureAnswer?
  }

  /// Whether the test can come out as error at all.
  private(set) var isPossible = false
  /// Classes without an answer on the call itself.
  private(set) var open: [FailureClass: Origin] = [:]

  static let none = Failures()

  /// A test that can fail by `failure`; `isAnswered` when its call says what then happens.
  init(_ failure: FailureClass, of test: String, at range: SourceRange, isAnswered: Bool) {
    isPossible = true
    if !isAnswered { open[failure] = Origin(test: test, range: range) }
  }

  private init() {}

  /// The failures of the test at a call, unless the call answers them itself.
  init(_ failure: FailureClass, of call: Call) {
    self.init(failure, of: call.name.text, at: call.name.range, isAnswered: false)
  }

  mutating func add(_ other: Failures) {
    isPossible = isPossible || other.isPossible
    open.merge(other.open) { first, _ in first }
  }

  /// The same failures as seen by a test that uses the definition.
  func used(by test: String, at range: SourceRange, _ answers: FailureAnswers) -> Failures {
    var result = self
    for (failure, origin) in open {
      let fallback = origin.fallback ?? answers[failure]
      result.open[failure] = Origin(test: test, range: range, fallback: fallback)
    }
    return result
  }
}

/// What one or several `on_error` statements say.
struct FailureAnswers: Sendable {
  private var answers: [FailureClass: FailureAnswer] = [:]

  subscript(failure: FailureClass) -> FailureAnswer? {
    get { answers[failure] }
    set { answers[failure] = newValue }
  }

  /// These answers, and `outer` where they say nothing.
  func inside(_ outer: FailureAnswers) -> FailureAnswers {
    var result = self
    result.answers.merge(outer.answers) { mine, _ in mine }
    return result
  }

  /// As the machine has it; what is not stated is tempfail.
  var policy: FailurePolicy {
    var policy = FailurePolicy()
    for (failure, answer) in answers { policy[failure] = answer }
    return policy
  }
}
