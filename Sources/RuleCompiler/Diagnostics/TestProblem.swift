// Mistakes of policy tests: a test file is read with the machinery of the language, so what is
// wrong with it is said in the same way.

/// T: what a test file asks for and cannot have.
package enum TestProblem: Equatable, Sendable {
  /// A file that a test names, with the reason.
  case unreadableFile(String, reason: String)
  case noPolicy(expected: String)
  case policyDoesNotCompile(String)
  /// Answers of outside checks that no check understands.
  case badAnswers(String)
  case badTime(String)
  /// `rcpt` behind `data`: SMTP has an order.
  case wrongOrder(String, after: String)
  case nothingExpected(String)
  /// An expectation before anything has happened.
  case nothingHappened
  /// A `test` inside a `test`.
  case nestedTest
}

extension TestProblem {
  var code: ProblemCode {
    switch self {
    case .unreadableFile: .unreadableFile
    case .noPolicy: .noPolicy
    case .policyDoesNotCompile: .policyDoesNotCompile
    case .badAnswers: .badAnswers
    case .badTime: .badTime
    case .wrongOrder: .wrongOrder
    case .nothingExpected: .nothingExpected
    case .nothingHappened: .nothingHappened
    case .nestedTest: .nestedTest
    }
  }

  var wording: Wording {
    switch self {
    case .unreadableFile(let path, let reason):
      Wording("\(quoted(path)) cannot be read", reason)
    case .noPolicy(let expected):
      Wording("this test file names no policy", "there is no \(quoted(expected)) beside it")
    case .policyDoesNotCompile(let path): Wording("the policy \(quoted(path)) does not compile")
    case .badAnswers(let reason): Wording("these answers cannot stand in for a check", reason)
    case .badTime(let text): Wording("\(quoted(text)) is no time of RFC 3339")
    case .wrongOrder(let name, let before):
      Wording("\(quoted(name)) cannot come after \(quoted(before)) in one message")
    case .nothingExpected(let name): Wording("the test \(quoted(name)) expects nothing")
    case .nothingHappened: Wording("nothing has happened yet that could be looked at")
    case .nestedTest: Wording("tests do not nest", "this test is inside a test")
    }
  }

  var help: String? {
    switch self {
    case .unreadableFile: "paths are relative to the test file"
    case .noPolicy: "write policy \"name.rules\"; at the top"
    case .policyDoesNotCompile: "mend what is said about it above"
    case .badAnswers: "docs/TESTING.md lists the answers that each check takes"
    case .badTime: "write it as \"2026-03-01T12:00:00Z\""
    case .wrongOrder: "begin the next message with mail, or drop this one with rset"
    case .nothingExpected: "add what should come of it, as expect :verdict \"accept\";"
    case .nothingHappened: "put the step before it: connect, helo, mail, rcpt, data or message"
    case .nestedTest: "move it behind the other"
    }
  }
}
