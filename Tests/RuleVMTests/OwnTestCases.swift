// A session in a few words, and what a test of the language says in it: the tests of our own
// dialect are lists of these.

import RuleBytecode
import Testing

@testable import RuleVM

/// What a test came out as, seen from outside by what its rule does.
enum Outcome: Equatable, Sendable {
  case yes, no
  case failed(FailureClass)
}

/// One test in one session.
struct OwnCase: Sendable, CustomTestStringConvertible {
  let test: String
  let outcome: Outcome
  var phase = Phase.eom
  var facts: [Fact: String] = [:]
  var macros: [String: String] = [:]
  var sender = "<ann@example.net>"
  var recipients = ["<bob@example.com>"]
  var message = "From: ann@example.net\nSubject: hello\n\ntext\n"
  /// Declarations before the phase.
  var before = ""
  /// What its rule does before the test is asked.
  var first = ""
  var answers: [CheckKind: [CheckAnswer]] = [:]

  var testDescription: String { "\(test) in \(phase.name) is \(outcome)" }

  init(
    _ test: String, _ outcome: Outcome, in phase: Phase = .eom, facts: [Fact: String] = [:],
    macros: [String: String] = [:], sender: String = "<ann@example.net>",
    recipients: [String] = ["<bob@example.com>"], message: String? = nil, before: String = "",
    first: String = "", answers: [CheckKind: [CheckAnswer]] = [:]
  ) {
    self.test = test
    self.outcome = outcome
    self.phase = phase
    self.facts = facts
    self.macros = macros
    self.sender = sender
    self.recipients = recipients
    if let message { self.message = message }
    self.before = before
    self.first = first
    self.answers = answers
  }

  static let failures = FailureClass.allCases.map { ":\($0.name) \"reject\"" }

  var source: String {
    """
    on_error \(Self.failures.joined(separator: " "));
    \(before)
    phase \(phase.name) {
      rule "case" { \(first) if \(test) { log "yes"; } else { log "no"; } }
    }
    """
  }

  /// Plays the session up to its phase.
  func play() throws -> (session: PolicySession, outcome: Outcome?) {
    let session = try TestPolicy.session(source)
    var asked: [CheckKind: Int] = [:]
    var last: Verdict?
    func settle(_ result: RunResult) {
      var result = result
      while case .waiting(let requests) = result {
        guard let request = requests.first else { break }
        let place = asked[request.kind, default: 0]
        asked[request.kind] = place + 1
        let all = answers[request.kind] ?? []
        let answer = all.isEmpty ? .failed(request.kind.failure) : all[min(place, all.count - 1)]
        for other in requests.dropFirst() { _ = session.answer(other.id, answer) }
        guard let next = session.answer(request.id, answer) else { break }
        result = next
      }
      if case .decided(let verdict?) = result { last = last ?? verdict }
    }
    settle(session.connect())
    settle(session.helo("client.example"))
    for (name, value) in macros {
      session.setMacro(Array(name.utf8), Array(value.utf8), outlivesMessage: false)
    }
    for (fact, value) in facts { session.set(fact, value.utf8) }
    settle(session.mail(sender))
    for path in recipients { settle(session.recipient(path)) }
    settle(session.data())
    if last == nil { settle(session.headers(message)) }
    if last == nil { settle(session.endOfMessage(message)) }
    if case .failure(let failure) = last?.cause { return (session, .failed(failure)) }
    let logged = session.logged
    if logged.contains("yes") { return (session, .yes) }
    return (session, logged.contains("no") ? .no : nil)
  }

  func check() throws { #expect(try play().outcome == outcome) }
}
