// What can go wrong outside the machine, and what a policy may say about it.

/// A class of failures that `on_error` speaks of.
package enum FailureClass: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case dns, scanner, table, callout, store, program, limit, `internal`

  /// The tag's name, without its colon.
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()
}

/// What `on_error` says for a class.
package enum FailureAnswer: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// The rule is left, the next one goes on.
  case `continue`
  case tempfail, accept, reject, quarantine

  package var name: String { "\(self)" }
}

/// The answers in force at one place of a policy, one for each class.
package struct FailurePolicy: Equatable, Hashable, Sendable {
  package var answers: [FailureAnswer]

  /// `:limit` and `:internal` are tempfail unless stated; so is, here, every class that the
  /// checker has shown unreachable.
  package init() {
    answers = Array(repeating: .tempfail, count: FailureClass.allCases.count)
  }

  package subscript(failure: FailureClass) -> FailureAnswer {
    get { answers[Int(failure.rawValue)] }
    set { answers[Int(failure.rawValue)] = newValue }
  }
}
