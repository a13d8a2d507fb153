// What the client says, and what it makes of what servers say.
import Foundation
import Testing

@testable import Submission

private let message = Array("Subject: hello\r\n\r\nline\r\n.dot\r\n..two\r\n".utf8)

private func mail(
  _ recipients: [String] = ["bob@example.com"], _ message: [UInt8] = message,
  purpose: MailPurpose = .release, sender: String = "ann@example.org"
) -> OutgoingMail {
  OutgoingMail(purpose: purpose, sender: sender, recipients: recipients, message: message)
}

/// Steps fail within a second or two where a server is silent.
private func client() -> SMTPClient {
  var limits = SubmissionLimits()
  limits.greetingSeconds = 1
  limits.commandSeconds = 1
  limits.mailSeconds = 1
  limits.recipientSeconds = 1
  limits.dataSeconds = 1
  limits.finalDotSeconds = 1
  limits.quitSeconds = 1
  return SMTPClient(hostName: "filter.example.net", limits: limits)
}

private func place(
  _ server: FaultyServer, _ security: SMTPServer.Security = .off
) -> SMTPServer {
  SMTPServer(.inet(host: "127.0.0.1", port: server.port), security: security)
}

@Suite struct SMTPClientTests {
  @Test func saysWhatTheStandardSays() async throws {
    let server = try await FaultyServer()
    let result = await client().send(mail(), to: place(server))
    #expect(result.isSent)
    #expect(
      server.sessions.first?.lines == [
        "EHLO filter.example.net",
        "MAIL FROM:<ann@example.org> SIZE=\(message.count) RET=HDRS",
        "RCPT TO:<bob@example.com>", "DATA", "QUIT",
      ])
    #expect(
      server.messages == [Array("Subject: hello\r\n\r\nline\r\n..dot\r\n...two\r\n".utf8)])
  }

  @Test func asksForNoReportsAboutNotices() async throws {
    let server = try await FaultyServer()
    var notice = mail(purpose: .notice, sender: "")
    notice.envelopeID = "defang1.x"
    _ = await client().send(notice, to: place(server))
    let lines = server.sessions.first?.lines ?? []
    #expect(lines.contains("MAIL FROM:<> SIZE=\(message.count) RET=HDRS ENVID=defang1.x"))
    #expect(lines.contains("RCPT TO:<bob@example.com> NOTIFY=NEVER"))
  }

  @Test func saysOnlyWhatIsOffered() async throws {
    var script = ServerScript()
    script.offer = []
    let server = try await FaultyServer(script)
    var notice = mail(purpose: .notice)
    notice.envelopeID = "defang1.x"
    #expect(await client().send(notice, to: place(server)).isSent)
    let lines = server.sessions.first?.lines ?? []
    #expect(lines.contains("MAIL FROM:<ann@example.org>"))
    #expect(lines.contains("RCPT TO:<bob@example.com>"))
  }

  @Test func takesAnOldServer() async throws {
    let server = try await FaultyServer(ServerScript(["EHLO": .say("502 what?\r\n")]))
    #expect(await client().send(mail(), to: place(server)).isSent)
    #expect(server.sessions.first?.lines[1] == "HELO filter.example.net")
  }

  // MARK: Faults

  static let faults: [(String, ServerAct, String)] = [
    ("greeting", .say("554 go away\r\n"), "unreachable"),
    ("greeting", .say("421 later\r\n"), "unreachable"),
    ("greeting", .silence, "unreachable"), ("greeting", .close, "unreachable"),
    ("greeting", .say("hello\r\n"), "fault"), ("greeting", .flood, "fault"),
    ("greeting", .say("999 odd\r\n"), "fault"),
    ("greeting", .say("220-a\r\n250 b\r\n"), "fault"),
    ("greeting", .say("220 a\r\n250 early\r\n"), "fault"),
    ("EHLO", .say("451 later\r\n"), "unreachable"), ("EHLO", .silence, "unreachable"),
    ("EHLO", .flood, "fault"), ("EHLO", .close, "unreachable"),
    ("MAIL", .say("451 4.7.1 later\r\n"), "temporary"),
    ("MAIL", .say("550 5.7.1 no\r\n"), "permanent"), ("MAIL", .silence, "unreachable"),
    ("MAIL", .sayAndClose("421 4.3.2 closing\r\n"), "unreachable"),
    ("MAIL", .say("354 go on\r\n"), "fault"),
    ("RCPT", .say("450 4.2.0 full\r\n"), "temporary"),
    ("RCPT", .say("550-5.1.1 no\r\n550 5.1.1 such user\r\n"), "permanent"),
    ("RCPT", .close, "unreachable"),
    ("DATA", .say("451 later\r\n"), "temporary"), ("DATA", .say("554 no\r\n"), "permanent"),
    ("DATA", .say("250 ok\r\n"), "fault"), ("DATA", .close, "unreachable"),
    (".", .say("452 4.3.1 disk\r\n"), "temporary"), (".", .say("554 5.7.1 virus\r\n"), "permanent"),
    (".", .close, "unreachable"), (".", .silence, "unreachable"), (".", .flood, "fault"),
    (".", .say("354 more\r\n"), "fault"),
  ]

  @Test(arguments: faults)
  func toldApart(_ step: String, _ act: ServerAct, _ kind: String) async throws {
    let server = try await FaultyServer(ServerScript([step: act]))
    let result = await client().send(mail(), to: place(server))
    let failure = try #require(result.recipients.first?.failure)
    #expect("\(failure.kind)" == kind, "\(failure)")
    #expect(failure.isPermanent == (kind == "permanent"))
  }

  @Test func aLostGoodbyeChangesNothing() async throws {
    let server = try await FaultyServer(ServerScript(["QUIT": .silence]))
    #expect(await client().send(mail(), to: place(server)).isSent)
  }

  @Test func bareLineFeedsEndLinesOfReplies() async throws {
    let acts: [String: ServerAct] = [
      "greeting": .say("220 hi\n"), "EHLO": .say("250-a\n250 SIZE\n"), "MAIL": .say("250\n"),
    ]
    let server = try await FaultyServer(ServerScript(acts))
    #expect(await client().send(mail(), to: place(server)).isSent)
  }

  @Test func noServerIsNoFailureOfTheMail() async throws {
    let server = try await FaultyServer()
    try await server.stop()
    let result = await client().send(mail(), to: place(server))
    #expect(result.failure?.kind == "unreachable")
  }

  @Test(arguments: [(0, true), (1, false)])
  func repliesHaveLongestLines(_ excess: Int, _ isTaken: Bool) async throws {
    let text = String(repeating: "x", count: SubmissionLimits().replyLineBytesMax - 4 + excess)
    let server = try await FaultyServer(ServerScript(["MAIL": .say("250 \(text)\r\n")]))
    let result = await client().send(mail(), to: place(server))
    #expect(result.isSent == isTaken)
    if !isTaken { #expect(result.failure == .fault(.replyLineTooLong)) }
  }

  // MARK: Recipients and content

  @Test func eachRecipientHasItsOwnFate() async throws {
    var script = ServerScript()
    script.recipients = [
      "b@example.com": .say("550 5.1.1 who?\r\n"), "c@example.com": .say("450 4.2.1 busy\r\n"),
    ]
    let server = try await FaultyServer(script)
    let result = await client().send(
      mail(["a@example.com", "b@example.com", "c@example.com"]), to: place(server))
    #expect(result.recipients.map { $0.failure?.kind } == [nil, "permanent", "temporary"])
    #expect(server.messages.count == 1)
  }

  static let unfit: [(String, [String], [UInt8], SendFailure.Unfitness)] = [
    ("8BITMIME", ["b@example.com"], Array("\r\ngrün\r\n".utf8), .eightBit),
    ("SMTPUTF8", ["jürgen@example.com"], message, .international),
    ("SIZE 1000000", [], message, .noRecipients),
    ("", ["a@b>\r\nRCPT TO:<c@d"], message, .address("a@b>\r\nRCPT TO:<c@d")),
    ("", ["a b@example.com"], message, .address("a b@example.com")),
    ("", [""], message, .address("")),
  ]

  @Test(arguments: unfit)
  func mailThatCannotGoThere(
    _ missing: String, _ recipients: [String], _ message: [UInt8], _ why: SendFailure.Unfitness
  ) async throws {
    var script = ServerScript()
    script.offer.removeAll { $0 == missing }
    let server = try await FaultyServer(script)
    let mail = mail(recipients, message)
    let dialogue = await client().send(mail, to: place(server))
    if recipients.isEmpty { return #expect(dialogue.recipients.isEmpty) }
    #expect(dialogue.failure == .unfit(why))
    #expect(server.sessions.allSatisfy { !$0.lines.contains { $0.hasPrefix("MAIL") } })
  }

  @Test(arguments: [(0, true), (1, false)])
  func sizeIsKept(_ excess: Int, _ isTaken: Bool) async throws {
    var script = ServerScript()
    script.offer = ["SIZE 100"]
    let server = try await FaultyServer(script)
    let text = "\r\n" + String(repeating: "y", count: 96 + excess) + "\r\n"
    let result = await client().send(mail(["b@example.com"], Array(text.utf8)), to: place(server))
    #expect(result.isSent == isTaken)
  }

  @Test func whatNeedsMoreThanASCIIIsSaid() async throws {
    let server = try await FaultyServer()
    let text = Array("\r\ngrün\r\n".utf8)
    let result = await client().send(mail(["jürgen@example.com"], text), to: place(server))
    #expect(result.isSent)
    let line = server.sessions[0].lines.first { $0.hasPrefix("MAIL") } ?? ""
    #expect(line.contains(" BODY=8BITMIME SMTPUTF8"))
  }

  @Test func unixSocket() async throws {
    let folder = try TestFolder()
    let path = folder.path + "/smtp"
    let server = try await FaultyServer(path: path)
    let result = await client().send(mail(), to: SMTPServer(.unix(path: path), security: .off))
    #expect(result.isSent)
    #expect(server.messages.count == 1)
  }

  @Test func largeMessages() async throws {
    let line = "." + String(repeating: "z", count: 70) + "\r\n"
    let big = Array(("Subject: big\r\n\r\n" + String(repeating: line, count: 5_000)).utf8)
    var script = ServerScript()
    script.offer = []
    let server = try await FaultyServer(script)
    #expect(await client().send(mail(["b@example.com"], big), to: place(server)).isSent)
    let received = server.messages.first ?? []
    #expect(received.count == big.count + 5_000)
  }
}

extension SendFailure {
  var kind: String {
    switch self {
    case .temporary: "temporary"
    case .permanent: "permanent"
    case .unreachable: "unreachable"
    case .fault: "fault"
    case .unfit: "unfit"
    }
  }
}
