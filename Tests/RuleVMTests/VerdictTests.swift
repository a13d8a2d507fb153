// What a verdict ends, and what it frees (LANGUAGE.md §2 and §3).

import RuleBytecode
import Testing

@testable import RuleVM

struct VerdictTests {
  private func session(_ accepting: String) throws -> PolicySession {
    try TestPolicy.session(
      """
      \(accepting)
      phase data { rule "no" { reject "data"; } }
      """)
  }

  /// Whether a message is still refused by a rule of a later phase.
  private func isFree(_ session: PolicySession) -> Bool {
    _ = session.mail("<a@example.net>")
    _ = session.recipient("<b@example.com>")
    defer { session.resetMessage() }
    return session.data().isUndecided
  }

  @Test func acceptAtConnectFreesTheSession() throws {
    let session = try session("phase connect { rule \"a\" { accept; } }")
    let verdict = session.connect().verdict
    #expect(verdict?.kind == .accept && verdict?.reach == .session)
    _ = session.helo("one")
    #expect(isFree(session) && isFree(session))
    _ = session.helo("two")
    #expect(isFree(session))
  }

  @Test func acceptAtHeloEndsWithTheNextHelo() throws {
    let session = try session(
      "phase helo { rule \"a\" { if string :is \"${helo}\" \"good\" { accept; } } }")
    _ = session.helo("good")
    #expect(isFree(session) && isFree(session))
    _ = session.helo("bad")
    #expect(!isFree(session))
  }

  @Test func acceptAtMailFreesTheMessage() throws {
    let session = try session(
      "phase mail { rule \"a\" { if string :is \"${session.id}${x}\" \"S1\" { accept; } } }"
        .replacing("${x}", with: ""))
    #expect(isFree(session) && isFree(session))
    let choosy = try self.session(
      "phase mail { rule \"a\" { if envelope :is \"from\" \"\" { accept; } } }")
    _ = choosy.mail("<>")
    #expect(choosy.data().isUndecided)
    choosy.resetMessage()
    #expect(!isFree(choosy))
  }

  @Test func acceptAtRecipientEndsItsRun() throws {
    let session = try session(
      "phase rcpt { rule \"a\" { log \"run\"; accept; } rule \"b\" { log \"never\"; } }")
    _ = session.mail("<a@example.net>")
    #expect(session.recipient("<b@example.com>").verdict?.reach == .recipient)
    #expect(session.recipient("<c@example.com>").verdict?.reach == .recipient)
    #expect(session.logged == ["run", "run"])
    #expect(session.data().verdict?.kind == .reject)
  }

  @Test func acceptMessageAtRecipientFreesTheMessage() throws {
    let session = try session("phase rcpt { rule \"a\" { log \"run\"; accept :message; } }")
    _ = session.mail("<a@example.net>")
    #expect(session.recipient("<b@example.com>").verdict?.reach == .message)
    #expect(session.recipient("<c@example.com>").isUndecided)
    #expect(session.logged == ["run"] && session.data().isUndecided)
    session.resetMessage()
    _ = session.mail("<a@example.net>")
    #expect(session.data().verdict?.kind == .reject)
  }

  private static let threeParts = """
    Content-Type: multipart/mixed; boundary=b

    --b

    one
    --b

    two
    --b--
    """

  @Test func acceptAtPartEndsItsRun() throws {
    let session = try TestPolicy.session(
      """
      phase part {
        rule "a" { if part :is "path" "1.1" { accept; } }
        rule "b" { log "${part.path}"; }
      }
      phase eom { rule "e" { log "eom"; } }
      """)
    #expect(session.endOfMessage(Self.threeParts).isUndecided)
    #expect(session.logged == ["1", "1.2", "eom"])
  }

  @Test func acceptMessageAtPartEndsAll() throws {
    let session = try TestPolicy.session(
      """
      phase part { rule "a" { log "${part.path}"; if part :is "path" "1.1" { accept :message; } } }
      phase eom { rule "e" { log "eom"; } }
      """)
    #expect(session.endOfMessage(Self.threeParts).verdict?.kind == .accept)
    #expect(session.logged == ["1", "1.1"])
  }

  /// The phase of a refusal and what it reaches.
  static let refusals: [(Phase, Reach)] = [
    (.connect, .session), (.helo, .session), (.mail, .message), (.rcpt, .recipient),
    (.data, .message), (.headers, .message), (.message, .message), (.part, .message),
    (.eom, .message),
  ]

  @Test(arguments: refusals)
  func refusal(phase: Phase, reach: Reach) throws {
    for (word, kind) in [("reject", VerdictKind.reject), ("tempfail", .tempfail)] {
      let session = try TestPolicy.session(
        "phase \(phase.name) { rule \"no\" { \(word) \"at ${session.id}\"; log \"never\"; } }"
          .replacing("log \"never\"; ", with: ""))
      let results = [
        session.connect(), session.helo("h"), session.mail("<a@example.net>"),
        session.recipient("<b@example.com>"), session.data(), session.headers("A: b\n\n"),
        session.endOfMessage("A: b\n\ntext"),
      ]
      let verdicts = results.compactMap(\.verdict)
      #expect(verdicts.count == 1)
      let verdict = try #require(verdicts.first)
      #expect(verdict.kind == kind && verdict.reach == reach && verdict.phase == phase)
      #expect(verdict.text == "at S1" && verdict.rule == "no")
      #expect(verdict.location?.hasPrefix("test.rules:2:") == true)
      #expect(verdict.reply?.code == (kind == .reject ? "550" : "451"))
    }
  }

  @Test func theFirstVerdictWins() throws {
    let session = try TestPolicy.session(
      "phase mail { rule \"a\" { reject \"one\"; } rule \"b\" { tempfail \"two\"; } }")
    #expect(session.mail("<>").verdict?.text == "one")
  }

  // MARK: Parts

  @Test func whatIsInsideAReplacedPartIsNotVisited() throws {
    let session = try TestPolicy.session(
      """
      phase part {
        rule "log" { log "${part.path}"; }
        rule "r" { if part :is "path" "1.1" { replace "gone"; } }
      }
      """)
    let message = """
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: multipart/alternative; boundary=c

      --c

      inner
      --c--
      --b

      last
      --b--
      """
    #expect(session.endOfMessage(message).isUndecided)
    #expect(session.logged == ["1", "1.1", "1.2"])
    #expect(session.decisions.actions.map(\.action) == ["replace"])
  }

  /// As many parts as are read take no more stack than one.
  @Test func hundredsOfPartsRunOneAfterTheOther() async throws {
    let policy = try TestPolicy.load("phase part { rule \"l\" { log \"${part.path}\"; } }")
    let count = 490
    let message =
      "Content-Type: multipart/mixed; boundary=b\n\n"
      + String(repeating: "--b\n\nx\n", count: count) + "--b--\n"
    let logged = await SmallStack.run {
      let session = TestPolicy.session(policy)
      _ = session.endOfMessage(message)
      return session.logged.count
    }
    #expect(logged == count + 1)
  }
}
