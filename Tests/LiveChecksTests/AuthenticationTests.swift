// DKIM, ARC and DMARC of a message, over a table.
import Resolver
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

struct AuthenticationTests {
  private static let zone = [
    "s._domainkey.example.org TXT \(SignedMail.keyRecord)",
    "s._domainkey.lists.example TXT \(SignedMail.keyRecord)",
    "s._domainkey.revoked.example TXT v=DKIM1; k=ed25519; p=", "s._domainkey.down.example fails",
    "_dmarc.example.org TXT v=DMARC1; p=reject; sp=quarantine",
    "_dmarc.strict.example TXT v=DMARC1; p=reject; adkim=s; aspf=s",
    "_dmarc.some.example TXT v=DMARC1; p=reject; pct=0",
    "_dmarc.down.example fails", "_dmarc.odd.example TXT v=DMARC1; p=reject",
    "_dmarc.odd.example TXT v=DMARC1; p=none",
    "example.org TXT v=spf1 ip4:192.0.2.1 -all", "strict.example TXT v=spf1 ip4:192.0.2.1 -all",
    "sub.strict.example TXT v=spf1 ip4:192.0.2.1 -all", "down.example fails",
  ]

  private static let here = description(client: "192.0.2.1", sender: "ann@example.org")
  private static let elsewhere = description(client: "192.0.2.9", sender: "ann@example.org")

  private func answer(_ request: CheckRequest) async throws -> CheckAnswer {
    try await DNSChecks(resolver: try TableResolver(Self.zone)).answer(request)
  }

  // MARK: DKIM

  static let signers: [(String, String)] = [
    ("example.org", "pass example.org s"), ("lists.example", "pass lists.example s"),
    ("revoked.example", "permerror revoked.example s key revoked"),
    ("nokey.example", "permerror nokey.example s no key"),
    ("down.example", "temperror down.example s key unavailable (SERVFAIL)"),
  ]

  @Test(arguments: signers) func aSignatureIsWhatItsKeySays(
    _ domain: String, _ line: String
  ) async throws {
    let message = try SignedMail.signed(SignedMail.plain(), by: domain)
    #expect(try await answer(request(.dkim, [], message: message)) == .values([line]))
  }

  @Test func everySignatureIsVerified() async throws {
    var message = try SignedMail.signed(SignedMail.plain(), by: "example.org")
    message = try SignedMail.signed(message, by: "down.example")
    message =
      SignedMail.bytes("DKIM-Signature: what is this\n") + message + SignedMail.bytes("more\n")
    #expect(
      try await answer(request(.dkim, [], message: message))
        == .values([
          "neutral", "temperror down.example s key unavailable (SERVFAIL)",
          "fail example.org s body changed",
        ]))
    #expect(try await answer(request(.dkim, [], message: SignedMail.plain())) == .values([]))
  }

  // MARK: ARC

  @Test func aChainIsThatOfItsSeals() async throws {
    func chain(_ message: [UInt8]) async throws -> CheckAnswer {
      try await answer(request(.arc, [], message: message))
    }
    let first = try SignedMail.sealed(SignedMail.plain(), by: "example.org")
    let second = try SignedMail.sealed(
      try SignedMail.sealed(SignedMail.plain(), by: "lists.example"), by: "lists.example")
    let lost = try SignedMail.sealed(SignedMail.plain(), by: "down.example")
    #expect(try await chain(SignedMail.plain()) == .fields(["result": "none", "sealer": ""]))
    #expect(try await chain(first) == .fields(["result": "pass", "sealer": "example.org"]))
    #expect(try await chain(second) == .fields(["result": "pass", "sealer": "lists.example"]))
    #expect(
      try await chain(first + [120]) == .fields(["result": "fail", "sealer": "example.org"]))
    #expect(
      try await chain(lost) == .failed(.dns, reason: "signature 1: key unavailable (SERVFAIL)"))
  }

  // MARK: DMARC

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var domains = ["example.org"]
    var signer: String?
    var mail = AuthenticationTests.elsewhere
    let expected: CheckAnswer

    var testDescription: String { name }
  }

  private static func result(_ word: String, _ policy: String) -> CheckAnswer {
    .fields(["result": word, "policy": policy])
  }

  static let cases = [
    Case(name: "neither", expected: result("fail", "reject")),
    Case(name: "SPF", mail: here, expected: result("pass", "reject")),
    Case(name: "DKIM", signer: "example.org", expected: result("pass", "reject")),
    Case(name: "another signer", signer: "lists.example", expected: result("fail", "reject")),
    Case(
      name: "a subdomain has the policy for those", domains: ["a.example.org"],
      expected: result("fail", "quarantine")),
    Case(
      name: "a subdomain is aligned", domains: ["a.example.org"], mail: here,
      expected: result("pass", "quarantine")),
    Case(name: "no policy", domains: ["nobody.example"], expected: result("none", "")),
    Case(name: "several policies", domains: ["odd.example"], expected: result("permerror", "")),
    Case(name: "no author", domains: [], expected: result("permerror", "")),
    Case(name: "an author who is none", domains: ["not a name"], expected: result("permerror", "")),
    Case(
      name: "the strictest of several authors", domains: ["nobody.example", "example.org"],
      expected: result("fail", "reject")),
    Case(
      name: "an aligned author beside another", domains: ["example.org", "strict.example"],
      mail: here, expected: result("fail", "reject")),
    Case(
      name: "strict", domains: ["strict.example"],
      mail: description(client: "192.0.2.1", sender: "ann@sub.strict.example"),
      expected: result("fail", "reject")),
    Case(
      name: "strict and the same", domains: ["strict.example"],
      mail: description(client: "192.0.2.1", sender: "ann@strict.example"),
      expected: result("pass", "reject")),
    Case(
      name: "the null sender stands for HELO",
      mail: description(client: "192.0.2.1", sender: "", helo: "example.org"),
      expected: result("pass", "reject")),
    Case(
      name: "no client", mail: description(client: "", sender: "ann@example.org"),
      expected: result("fail", "reject")),
    Case(
      name: "all let off", domains: ["some.example"], expected: result("fail", "quarantine")),
    Case(
      name: "the policy is not to be had", domains: ["down.example"],
      expected: .failed(.dns, reason: "no answer about _dmarc.down.example: SERVFAIL")),
  ]

  @Test(arguments: cases) func theAuthorsDomainDecides(_ one: Case) async throws {
    var message = SignedMail.plain()
    if let signer = one.signer { message = try SignedMail.signed(message, by: signer) }
    let asked = request(.dmarc, one.domains, message: message, mail: one.mail)
    #expect(try await answer(asked) == one.expected)
  }

  /// What could have been a pass is no fail.
  @Test func aKeyThatIsNotToBeHadIsNoFail() async throws {
    let resolver = try TableResolver(
      Self.zone + ["x._domainkey.example.org fails", "_dmarc.down.example TXT v=DMARC1; p=reject"])
    let message = SignedMail.bytes(
      """
      DKIM-Signature: v=1; a=ed25519-sha256; d=example.org; s=x; h=from; bh=AAAA; b=AAAA
      From: ann@example.org

      """)
    let asked = request(.dmarc, ["example.org"], message: message, mail: Self.elsewhere)
    #expect(
      try await DNSChecks(resolver: resolver).answer(asked)
        == .failed(.dns, reason: "SPF or DKIM of example.org could not be settled"))
  }

  // MARK: Shared

  /// SPF and DKIM are done once for a message, and again for the next.
  @Test func resultsAreSharedWithinAMessage() async throws {
    let resolver = try TableResolver(Self.zone)
    let checks = DNSChecks(resolver: resolver)
    let message = try SignedMail.signed(SignedMail.plain(), by: "example.org")
    for round in 1...2 {
      let scope = MailScope()
      async let policy = checks.answer(
        request(.dmarc, ["example.org"], message: message, mail: Self.here, scope: scope))
      async let sender = checks.answer(
        request(.spf, ["192.0.2.1", "ann@example.org", "mx.example.org"], scope: scope))
      async let signature = checks.answer(request(.dkim, [], message: message, scope: scope))
      #expect(try await policy == Self.result("pass", "reject"))
      #expect(try await sender == .fields(["result": "pass"]))
      #expect(try await signature == .values(["pass example.org s"]))
      #expect(resolver.count("example.org") == round)
      #expect(resolver.count("s._domainkey.example.org") == round)
    }
  }

  /// Whatever its sender's records make SPF ask, the rest can still be asked; and the mail cannot
  /// ask without end.
  @Test func aMessageAsksSoMuchAndNoMore() async throws {
    let resolver = try TableResolver(Self.zone)
    let checks = DNSChecks(resolver: resolver)
    let scope = MailScope()
    for index in 0..<200 {
      let asked = request(.dnsbl, ["bl.example", "n\(index).example"], scope: scope)
      let answer = try await checks.answer(asked)
      let refused = CheckAnswer.failed(.dns, reason: "the message has asked all that it may")
      #expect(answer == (index < 150 ? .values([]) : refused))
    }
    #expect(resolver.asked.count == 150)
    let sender = request(.spf, ["192.0.2.1", "ann@example.org", "x"], scope: scope)
    #expect(try await checks.answer(sender) == .fields(["result": "pass"]))
    let next = request(.dnsbl, ["bl.example", "n199.example"])
    #expect(try await checks.answer(next) == .values([]))
  }
}
