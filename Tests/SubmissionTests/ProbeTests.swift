// Asking a server about an address: what is said, what its answers mean, and what is no answer.
import Testing

@testable import Submission

struct ProbeTests {
  private static let limits: SubmissionLimits = {
    var limits = SubmissionLimits()
    limits.replyBytesMax = 4_096
    return limits
  }()

  private static func probe(
    _ address: String, _ script: ServerScript, refusesOwnName: Bool = true,
    limits: SubmissionLimits = limits
  ) async throws -> (answer: Result<ProbeAnswer, SendFailure>, server: FaultyServer) {
    let server = try await FaultyServer(script)
    let client = SMTPClient(hostName: "Filter.example.com", limits: limits)
    do throws(SendFailure) {
      let answer = try await client.probe(
        address, at: SMTPServer(.inet(host: "127.0.0.1", port: server.port)),
        refusesOwnName: refusesOwnName)
      return (.success(answer), server)
    } catch {
      return (.failure(error), server)
    }
  }

  private static let plain: ServerScript = {
    var script = ServerScript()
    script.offer = ["8BITMIME", "SMTPUTF8"]
    return script
  }()

  @Test(arguments: [
    ("250 2.1.5 ok\r\n", SMTPReply(code: 250, lines: ["2.1.5 ok"])),
    ("252 2.1.5 cannot say\r\n", SMTPReply(code: 252, lines: ["2.1.5 cannot say"])),
    (
      "550-5.1.1 no such\r\n550 5.1.1 mailbox\u{1}\r\n",
      SMTPReply(code: 550, lines: ["5.1.1 no such", "5.1.1 mailbox?"])
    ),
    ("450 4.2.0 later\r\n", SMTPReply(code: 450, lines: ["4.2.0 later"])),
  ])
  func repliesToTheRecipient(text: String, reply: SMTPReply) async throws {
    var script = Self.plain
    script.recipients["bob@example.net"] = .say(text)
    let (answer, server) = try await Self.probe("bob@example.net", script)
    #expect(try answer.get() == .reply(reply))
    let lines = try #require(server.sessions.first).lines
    #expect(
      lines.prefix(3) == ["EHLO Filter.example.com", "MAIL FROM:<>", "RCPT TO:<bob@example.net>"])
    #expect(!lines.contains("DATA"))
  }

  @Test func anInternationalAddressNeedsTheServersConsent() async throws {
    let address = "bjørn@example.net"
    let (answer, server) = try await Self.probe(address, Self.plain)
    #expect(try answer.get() == .reply(SMTPReply(code: 250, lines: ["2.0.0 ok"])))
    #expect(server.sessions.first?.lines.contains("MAIL FROM:<> SMTPUTF8") == true)
    var script = ServerScript()
    script.offer = []
    let (refused, _) = try await Self.probe(address, script)
    #expect(throws: SendFailure.unfit(.international)) { try refused.get() }
  }

  @Test(arguments: ["", "a b@example.net", "a>@example.net", "a@example.net\r\nDATA"])
  func whatIsNoAddressIsNeverSaid(address: String) async throws {
    let (answer, server) = try await Self.probe(address, Self.plain)
    #expect(throws: SendFailure.unfit(.address(address))) { try answer.get() }
    #expect(server.sessions.isEmpty)
  }

  /// By the name in the greeting or in the answer to EHLO, in any case.
  @Test(arguments: [
    ["greeting": ServerAct.say("220 filter.example.com ESMTP\r\n")],
    ["EHLO": ServerAct.say("250 FILTER.example.com greets you\r\n")],
  ])
  func ourselvesAreNotAsked(acts: [String: ServerAct]) async throws {
    let (answer, server) = try await Self.probe("bob@example.net", ServerScript(acts))
    #expect(try answer.get() == .ourselves)
    #expect(server.sessions.allSatisfy { !$0.lines.contains { $0.hasPrefix("MAIL") } })
    let (second, _) = try await Self.probe(
      "bob@example.net", ServerScript(acts), refusesOwnName: false)
    #expect(try second.get() == .reply(SMTPReply(code: 250, lines: ["2.0.0 ok"])))
  }

  /// What is said before RCPT is no word on the address, whatever its code.
  @Test(arguments: [
    ["greeting": ServerAct.say("554 go away\r\n")], ["greeting": .close],
    ["greeting": .say("garbage\r\n")], ["EHLO": .say("421 busy\r\n")],
    ["MAIL": .say("550 no null sender here\r\n")], ["MAIL": .sayAndClose("2")],
    ["RCPT": .say("421 closing\r\n")], ["RCPT": .close], ["RCPT": .flood],
    ["RCPT": .say("hello\r\n")],
  ])
  func whatIsNoAnswer(acts: [String: ServerAct]) async throws {
    var script = Self.plain
    script.acts = acts
    let (answer, _) = try await Self.probe("bob@example.net", script)
    #expect(throws: SendFailure.self) { try answer.get() }
  }

  @Test func silenceEnds() async throws {
    var script = Self.plain
    script.acts = ["RCPT": .silence]
    let (answer, _) = try await Self.probe(
      "bob@example.net", script, limits: SubmissionLimits(stepSecondsMax: 1))
    #expect(throws: SendFailure.unreachable("no answer to RCPT within 1 s")) { try answer.get() }
  }

  @Test func encryptionIsUsedWhereItIsOffered() async throws {
    var script = ServerScript()
    script.tls = try TestCertificate(for: "DNS:mail.example.net")
    let (answer, server) = try await Self.probe("bob@example.net", script)
    #expect(try answer.get() == .reply(SMTPReply(code: 250, lines: ["2.0.0 ok"])))
    #expect(server.sessions.first?.isEncrypted == true)
  }
}
