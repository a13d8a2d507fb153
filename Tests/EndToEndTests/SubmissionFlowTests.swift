// Our own mail through the real mail servers: what they do to a mail on its way must leave its mark
// good, and the sender's words must be theirs.
import Foundation
import MailLab
import Submission
import Testing

@Suite struct SubmissionFlowTests {
  private static let text = """
    From: Mail filter <postmaster@example.net>
    To: Bob <bob@example.com>, Undisclosed: ;
    Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= with a long subject that is folded over several lines of
     the header
    Date: Mon, 03 Nov 2025 09:15:00 +0000
    Message-ID: <submission@example.net>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    Grüße, with a blank at the end\u{20}
    .a dot in front
    .

    From the beginning of a line.


    """

  private let policy = """
    require "defang";
    on_error :internal "tempfail";
    phase mail { rule "seen" { log "envid=${sender.arg.envid}"; } }
    """

  @Test(arguments: MTAKind.allCases)
  func marksSurvive(_ kind: MTAKind) async throws {
    let server = try MailServer(kind)
    let daemon = try DaemonUnderTest(
      policy: policy, frontEnd: .nio, address: server.milterAddress)
    try daemon.start()
    let state = try LabDirectory()
    let office = try PostOffice(
      PostOfficeConfiguration(
        stateFolder: state.path,
        server: SMTPServer(.inet(host: "127.0.0.1", port: Int(server.port)), security: .off),
        hostName: "filter.example.net")
    ) { _ in }
    let mail = OutgoingMail(
      purpose: .release, sender: "ann@Example.ORG",
      recipients: ["bob@example.com", "eve@example.com"],
      message: Array(Self.text.replacing("\n", with: "\r\n").utf8))
    let result = await office.sendNow(mail)
    #expect(result.isSent, "\(result)")

    let delivered = server.sink.waitForMessages(1)
    let delivery = try #require(delivered.first)
    let judgement = try office.ownMail.judge(
      delivery.bytes, sender: delivery.sender, recipients: delivery.recipients,
      now: SystemClock.now)
    guard case .own(let nonce) = judgement else {
      Issue.record("\(judgement): \(String(decoding: delivery.bytes, as: UTF8.self))")
      return
    }
    // The filter hears of it at MAIL.
    let said = daemon.log.components(separatedBy: "envid=").dropFirst().first ?? ""
    let envelopeID = String(said.prefix { !$0.isWhitespace && $0 != "\"" })
    #expect(
      try office.ownMail.acceptsEnvelope(
        envelopeID: envelopeID, sender: "ann@example.org", now: SystemClock.now) == nonce)
    let text = String(decoding: delivery.bytes, as: UTF8.self)
    #expect(text.contains("\r\n.a dot in front\r\n.\r\n\r\nFrom the"))
    server.stop()
  }

  /// A queue outlives a mail server that is down.
  @Test func waitsForTheServer() async throws {
    let state = try LabDirectory()
    let place = SMTPServer(.unix(path: state.path + "/nobody"), security: .off)
    let mail = OutgoingMail(
      purpose: .notice, sender: "", recipients: ["bob@example.com"],
      message: Array("Subject: x\r\n\r\nx\r\n".utf8))
    func office(_ server: SMTPServer) throws -> PostOffice {
      try PostOffice(
        PostOfficeConfiguration(stateFolder: state.path, server: server, hostName: "filter")
      ) { _ in }
    }
    let down = try office(place)
    try down.queue.enqueue(mail)
    await down.sender.pass()
    #expect(try down.queue.list().first?.attempts == 1)

    let server = try MailServer(.postfix)
    let daemon = try DaemonUnderTest(
      policy: policy, frontEnd: .nio, address: server.milterAddress)
    try daemon.start()
    let up = try office(
      SMTPServer(.inet(host: "127.0.0.1", port: Int(server.port)), security: .off))
    try up.queue.requestFlush()
    await up.sender.pass()
    #expect(server.sink.waitForMessages(1).count == 1)
    #expect(try up.queue.list().isEmpty)
    server.stop()
  }
}
