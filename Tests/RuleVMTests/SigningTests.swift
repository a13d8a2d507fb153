// What is signed, when, and over which bytes; and what a signature that cannot be made leads to.

import MailEdits
import RuleBytecode
import Testing

@testable import RuleVM

@Suite struct SigningTests {
  private static let sign = #"dkim_sign :domain "a.example" :selector "s" :key "k";"#
  private static let seal = #"arc_seal :domain "a.example" :selector "s" :key "k";"#
  private static let identity = SigningIdentity(domain: "a.example", selector: "s", key: "k")
  private static let field = SignedField(name: "DKIM-Signature", value: Array("v=1".utf8))

  private static func ended(
    _ body: String, declared: String = "", message: String = "From: a@b.example\n\ntext\n",
    isTruncated: Bool = false, recipients: [String] = ["bob@example.com"]
  ) throws -> (session: PolicySession, end: MessageEnd) {
    let session = try TestPolicy.session(
      """
      on_error :store "tempfail";
      store :directory "/s" "s"; key :file "/k" "k"; settings :admin "root@example.com";
      phase eom { rule "r" { \(declared) \(body) } }

      """)
    _ = session.mail("<ann@example.net>")
    for recipient in recipients { _ = session.recipient("<\(recipient)>") }
    let verdict = session.endOfMessage(message.mailBytes, isTruncated: isTruncated).verdict
    return (session, session.finish(verdict))
  }

  private static func requests(_ end: MessageEnd) -> [CheckRequest] {
    if case .waiting(let requests) = end { requests } else { [] }
  }

  private static func works(_ end: MessageEnd) -> [Errand.Work] {
    requests(end).first?.errands?.errands.map(\.work) ?? []
  }

  private static func signings(_ end: MessageEnd) -> [SigningErrand] {
    works(end).compactMap { work in
      if case .sign(let errand) = work { errand } else { nil }
    }
  }

  private static func answer(
    _ session: PolicySession, _ end: MessageEnd, _ results: ErrandResult...
  ) throws -> MessageEnd {
    let request = try #require(requests(end).first)
    return try #require(session.answerErrands(request.id, .errands(results)))
  }

  private static func text(_ errand: SigningErrand?) -> String {
    String(decoding: errand?.message ?? [], as: UTF8.self).replacing("\r\n", with: "\n")
  }

  // MARK: What is signed

  @Test func theMessageAsItWillBe() throws {
    let (session, end) = try Self.ended(
      "\(Self.sign) addheader \"X-New\" \"1\"; disclaimer :text \"Ours\";"
        + " auth_results \"m.example\";")
    let errand = try #require(Self.signings(end).first)
    #expect(errand.method == .dkim && errand.identity == Self.identity)
    #expect(
      Self.text(errand).hasPrefix(
        "Authentication-Results: m.example; none\nX-New: 1\nFrom: a@b.example\n"))
    #expect(Self.text(errand).contains("Ours"))
    let last = try Self.answer(session, end, .fields([Self.field]))
    guard case .finished(let outcome) = last else { throw PolicyMistake(description: "waits") }
    #expect(outcome.fate == .accept && session.signatures(for: outcome) == [Self.field])
  }

  /// Nothing can change the message any more, and no mail has gone out yet.
  @Test func betweenStoresAndMails() throws {
    let (session, first) = try Self.ended(
      "\(Self.sign) save_copy :store \"s\"; notify :admin \"n\";")
    #expect(Self.signings(first).isEmpty && Self.works(first).count == 1)
    let second = try Self.answer(session, first, .done)
    #expect(Self.signings(second).count == 1 && Self.works(second).count == 1)
    let third = try Self.answer(session, second, .fields([Self.field]))
    guard case .notice = Self.works(third).first else {
      throw PolicyMistake(description: "no mail")
    }
  }

  @Test(arguments: [
    ("reject \"no\";", 0), ("discard;", 0), ("quarantine;", 0), ("tempfail \"later\";", 0),
    ("hold;", 1), ("", 1),
  ])
  func onlyWhatIsDelivered(verdict: String, count: Int) throws {
    let (session, end) = try Self.ended("\(Self.sign) \(verdict)")
    var last = end
    if verdict == "quarantine;" { last = try Self.answer(session, end, .done) }
    #expect(Self.signings(last).count == count)
  }

  /// The same wish of several rules is one signature; the last of several stands on top.
  @Test func severalSignatures() throws {
    let other = Self.sign.replacing("\"s\"", with: "\"t\"")
    let (session, end) = try Self.ended("\(other) \(Self.sign) \(Self.sign) \(Self.seal)")
    let errands = Self.signings(end)
    #expect(errands.map(\.identity.selector) == ["s", "t", "s"])
    #expect(errands.map { $0.method == .dkim } == [false, true, true])
    let names = ["seal", "first", "second"]
    let results = names.map { ErrandResult.fields([SignedField(name: $0, value: [])]) }
    let last = try Self.answer(session, end, results[0], results[1], results[2])
    guard case .finished(let outcome) = last else { throw PolicyMistake(description: "waits") }
    #expect(session.signatures(for: outcome).map(\.name) == ["second", "first", "seal"])
  }

  /// Each over its own bytes, and what is sent bears the signature.
  @Test func copiesOfOnesOwn() throws {
    let (session, end) = try Self.ended(
      """
      for_each_rcpt :split { if envelope :is "to" "bob@example.com" { addheader "X" "bob"; } }
      \(Self.sign)
      """, recipients: ["bob@example.com", "eve@example.com"])
    let errands = Self.signings(end)
    #expect(errands.map { Self.text($0).contains("X: bob") } == [false, true])
    let own = SignedField(name: "DKIM-Signature", value: Array("own".utf8))
    let next = try Self.answer(session, end, .fields([Self.field]), .fields([own]))
    guard case .send(_, ["bob@example.com"], let message) = Self.works(next).first else {
      throw PolicyMistake(description: "no copy is sent")
    }
    #expect(
      String(decoding: message, as: UTF8.self).hasPrefix(
        "DKIM-Signature: own\r\nX: bob\r\nFrom: a@b.example\r\n"))
    guard case .finished(let outcome) = try Self.answer(session, next, .done) else {
      throw PolicyMistake(description: "waits")
    }
    #expect(session.signatures(for: outcome) == [Self.field])
  }

  /// A copy that only its signature makes differ from the others is one of its own.
  @Test func signedForOneRecipient() throws {
    let (_, end) = try Self.ended(
      """
      for_each_rcpt :split { if envelope :is "to" "bob@example.com" { \(Self.sign) } }
      """, recipients: ["bob@example.com", "eve@example.com"])
    #expect(Self.signings(end).count == 1)
  }

  // MARK: What fails

  @Test(arguments: [
    ("", "tempfail"), ("on_error :internal \"continue\";", "accept"),
    ("on_error :internal \"reject\";", "reject"), ("on_error :internal \"accept\";", "accept"),
  ])
  func thePolicyAnswers(declared: String, fate: String) throws {
    let (session, end) = try Self.ended(Self.sign, declared: declared)
    let last = try Self.answer(session, end, .failed(reason: "no key"))
    guard case .finished(let outcome) = last else { throw PolicyMistake(description: "waits") }
    #expect(outcome.fate.rawValue == fate && session.signatures(for: outcome).isEmpty)
    let failure = try #require(session.decisions.failures.first)
    #expect(failure.failure == .internal && failure.reason == "dkim_sign by a.example: no key")
  }

  /// Of a message whose end is missing nothing can be signed.
  @Test func halfAMessageIsALimit() throws {
    let (session, end) = try Self.ended(Self.sign, isTruncated: true)
    guard case .finished(let outcome) = end else { throw PolicyMistake(description: "waits") }
    #expect(outcome.fate == .tempfail && session.decisions.failures.first?.failure == .limit)
  }

  // MARK: ARC

  private static let chained = "ARC-Seal: i=1; cv=none\nFrom: a@b.example\n\ntext\n"

  private static func state(_ errands: [SigningErrand]) -> SigningErrand.ChainState? {
    if case .arc(let state, _) = errands.first?.method { state } else { nil }
  }

  @Test func aMessageWithoutAChainAsksNobody() throws {
    let (_, end) = try Self.ended("auth_results \"m.example\"; \(Self.seal)")
    #expect(
      Self.signings(end).map(\.method) == [.arc(chain: .none, results: "m.example; none")])
  }

  @Test(arguments: [
    (CheckAnswer.fields(["result": "pass"]), SigningErrand.ChainState.pass),
    (.fields(["result": "fail"]), .fail),
    (.fields(["result": "temperror"]), .unknown(reason: "temperror")),
    (.failed(.dns, reason: "SERVFAIL"), .unknown(reason: "SERVFAIL")),
    (.truth(true), .unknown(reason: "the answer cannot be read")),
  ])
  func theChainIsAskedFor(answer: CheckAnswer, state: SigningErrand.ChainState) throws {
    let (session, end) = try Self.ended(Self.seal, message: Self.chained)
    let request = try #require(Self.requests(end).first)
    #expect(request.kind == .arc && request.subject?.message == Self.chained.mailBytes)
    let next = try #require(session.answerErrands(request.id, answer))
    #expect(Self.state(Self.signings(next)) == state)
  }

  @Test func theDeadlineAnswersForTheChain() throws {
    let (session, _) = try Self.ended(Self.seal, message: Self.chained)
    let next = try #require(session.expireErrands())
    #expect(Self.state(Self.signings(next)) == .unknown(reason: "timeout"))
  }

  /// What a rule has asked is not asked again.
  @Test func theChainIsKnown() throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "tempfail"; key :file "/k" "k";
      phase message { rule "m" { if arc "pass" { log "holds"; } } }
      phase eom { rule "r" { \(Self.seal) } }

      """)
    _ = session.mail("<ann@example.net>")
    let request = try #require(session.endOfMessage(Self.chained).requests.first)
    let result = try #require(session.answer(request.id, .fields(["result": "pass"])))
    let end = session.finish(result.verdict)
    guard case .arc(.pass, "a.example; arc=pass") = Self.signings(end).first?.method else {
      throw PolicyMistake(description: "\(Self.signings(end))")
    }
  }
}
