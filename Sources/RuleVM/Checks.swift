// Questions to the outside. The machine never waits for an answer: it suspends, and whoever
// drives it resumes it when the answer is there.
package import RuleBytecode

/// A question that has to be answered before the run can go on.
package struct CheckRequest: Sendable, Equatable {
  /// Unique in its session, never used again.
  package let id: UInt32
  package let kind: CheckKind
  /// What is asked, for logs: the zone of a `dnsbl`.
  package let name: String
  /// For `dnsbl`: the zone, then the client's address as text.
  package let arguments: [String]
  package let timeoutMilliseconds: Int

  package init(
    id: UInt32, kind: CheckKind, name: String, arguments: [String], timeoutMilliseconds: Int
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.arguments = arguments
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// What the outside said.
package enum CheckAnswer: Sendable, Equatable {
  /// For `dnsbl`: the addresses in the zone's answer; empty is "not listed".
  case values([String])
  /// For what has named parts: a scan's `result`, `name`, `score`; a call-out's `code`, `text`.
  case fields([String: String])
  /// A plain yes or no.
  case truth(Bool)
  case failed(FailureClass)
}

/// The answers of a session, each question asked once.
struct AnswerBook {
  private struct Key: Hashable {
    let kind: CheckKind
    let arguments: [String]
  }

  private var answers: [Key: CheckAnswer] = [:]
  private var pending: [UInt32: Key] = [:]
  private var lastID: UInt32 = 0
  private(set) var askedCount = 0

  func isPending(_ kind: CheckKind, _ arguments: [String]) -> Bool {
    let key = Key(kind: kind, arguments: arguments)
    return pending.values.contains(key)
  }

  func answer(_ kind: CheckKind, _ arguments: [String]) -> CheckAnswer? {
    answers[Key(kind: kind, arguments: arguments)]
  }

  mutating func ask(
    _ kind: CheckKind, name: String, _ arguments: [String], timeoutMilliseconds: Int
  ) -> CheckRequest {
    lastID += 1
    askedCount += 1
    pending[lastID] = Key(kind: kind, arguments: arguments)
    return CheckRequest(
      id: lastID, kind: kind, name: name, arguments: arguments,
      timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Files an answer; false when nobody waits for it.
  mutating func file(_ id: UInt32, _ answer: CheckAnswer) -> Bool {
    guard let key = pending.removeValue(forKey: id) else { return false }
    answers[key] = answer
    return true
  }

  /// Gives up all that is not answered yet.
  mutating func expire() {
    for (_, key) in pending { answers[key] = .failed(key.kind.failure) }
    pending = [:]
  }

  /// A new message: failures are not remembered, and nothing is waited for any more.
  mutating func forgetPending() {
    pending = [:]
    askedCount = 0
    answers = answers.filter { if case .failed = $0.value { false } else { true } }
  }
}
