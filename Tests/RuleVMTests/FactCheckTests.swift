// Facts that a check gives: reading one asks, and where that fails nothing is done with it.

import RuleBytecode
import Testing

@testable import RuleVM

struct FactCheckTests {
  private static func session(
    _ answer: String, _ rules: String, phase: String = "mail"
  ) throws -> PolicySession {
    try TestPolicy.session(
      """
      on_error :dns "\(answer)";
      phase \(phase) { rule "r" { \(rules) } rule "next" { log "next"; } }
      """)
  }

  @Test func aTextAsksBeforeItIsBuilt() throws {
    let session = try Self.session("continue", #"log "spf=${spf.result} twice ${spf.result}";"#)
    let requests = session.mail("<ann@example.net>").requests
    #expect(requests.map(\.kind) == [.spf])
    #expect(requests[0].arguments == ["192.0.2.7", "ann@example.net", ""])
    let result = session.answer(requests[0].id, .fields(["result": "softfail"]))
    #expect(try #require(result).isUndecided)
    #expect(session.logged == ["spf=softfail twice softfail", "next"])
  }

  /// LANGUAGE.md §8: such an action is not done, and is treated like a condition that errs.
  @Test(arguments: [("continue", ["next"]), ("tempfail", []), ("reject", []), ("accept", [])])
  func aFailureAnswersForTheAction(answer: String, logged: [String]) throws {
    let session = try Self.session(answer, #"log "before"; log "${spf.result}"; log "after";"#)
    let request = try #require(session.mail("<ann@example.net>").requests.first)
    let verdict = try #require(session.answer(request.id, .failed(.dns, reason: "refused"))).verdict
    #expect(session.logged == ["before"] + logged)
    #expect(verdict?.kind.name == (answer == "continue" ? nil : answer))
    let failure = try #require(session.decisions.failures.first)
    #expect(failure.failure == .dns && failure.reason == "spf: refused" && failure.rule == "r")
  }

  @Test(arguments: ["true", "error"])
  func aTestWithSuchATextIsAnErrorItself(_ word: String) throws {
    let session = try Self.session(
      "continue",
      #"if failed string "${dmarc.policy}" "reject" { log "error"; } else { log "true"; }"#,
      phase: "eom")
    _ = session.mail("<ann@example.net>")
    let request = try #require(session.endOfMessage("From: a@b.example\n\nx\n").requests.first)
    let answer: CheckAnswer =
      word == "true" ? .fields(["result": "pass", "policy": "reject"]) : .failed(.dns)
    #expect(try #require(session.answer(request.id, answer)).isUndecided)
    #expect(session.logged == [word, "next"])
  }

  /// `allof (false, error)` is false; the error must not hide behind an empty text that matches.
  @Test func anErrorIsNoEmptyText() throws {
    let session = try Self.session(
      "continue",
      #"if anyof (string "${spf.result}" "", false) { log "empty"; } else { log "else"; }"#)
    let request = try #require(session.mail("<ann@example.net>").requests.first)
    #expect(try #require(session.answer(request.id, .failed(.dns))).isUndecided)
    #expect(session.logged == ["next"])
  }

  @Test func presenceAsksToo() throws {
    let session = try Self.session(
      "continue", #"if fact "dkim.domain" { log "${dkim.domain}"; }"#, phase: "eom")
    _ = session.mail("<ann@example.net>")
    let request = try #require(session.endOfMessage("From: a@b.example\n\nx\n").requests.first)
    #expect(request.kind == .dkim)
    _ = session.answer(request.id, .values(["fail y.example s1", "pass x.example s2"]))
    #expect(session.logged == ["x.example", "next"])
  }

  /// One answer serves all who read it, however the machine was asked.
  @Test func anAnswerServesTestsAndTexts() throws {
    let session = try Self.session(
      "continue", #"if spf "fail" { log "${spf.result}"; } log "again ${spf.result}";"#)
    let request = try #require(session.mail("<ann@example.net>").requests.first)
    #expect(
      try #require(session.answer(request.id, .fields(["result": "fail"]))).isUndecided)
    #expect(session.logged == ["fail", "again fail", "next"])
  }

  @Test func aVerdictIsNotGivenWithoutItsText() throws {
    let session = try Self.session("continue", #"reject "SPF says ${spf.result}";"#)
    let request = try #require(session.mail("<ann@example.net>").requests.first)
    #expect(try #require(session.answer(request.id, .failed(.dns))).isUndecided)
    #expect(session.logged == ["next"])
  }
}
