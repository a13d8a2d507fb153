// Scanners that learn: a real spamd, what rspamd is asked, and what is no lesson learnt.
import MailLab
import Testing

@testable import Scanners

struct LearningTests {
  @Test(arguments: [true, false])
  func spamdLearns(_ isSpam: Bool) async throws {
    let service = try SpamLab.service([.symbols])
    let mail = SpamSample.mail("a lesson \(isSpam)")
    #expect(await service.learn(ScanJob(mail), isSpam: isSpam) == nil)
    // What it knows already is no failure.
    #expect(await service.learn(ScanJob(mail), isSpam: isSpam) == nil)
    let server = try SpamLab.server.get()
    #expect(await Laboratory.eventually { server.log.contains("Tell: Setting local") })
  }

  @Test func rspamdLearns() async throws {
    let memory = try RedisServer()
    defer { memory.stop() }
    let server = try RspamdServer(memory: memory)
    defer { server.stop() }
    let service = ScanService(.rspamd, [.unix(path: server.controllerPath)])
    func learnt(_ isSpam: Bool) throws -> String {
      try memory.run("HGET", "RS", isSpam ? "learns_spam" : "learns_ham")
    }
    for isSpam in [true, false] {
      let mail = SpamSample.mail("a lesson \(isSpam)")
      #expect(await service.learn(ScanJob(mail), isSpam: isSpam) == nil)
      #expect(try learnt(isSpam) == "1")
      // What it knows already is no failure, and is no second lesson.
      #expect(await service.learn(ScanJob(mail), isSpam: isSpam) == nil)
      #expect(try learnt(isSpam) == "1")
    }
  }

  struct Case: Sendable {
    let kind: ScannerKind
    let reply: String
    let expected: ScanFailure?
  }

  static let cases: [Case] = [
    .init(kind: .spamd([]), reply: "SPAMD/1.1 0 EX_OK\r\nDidSet: local\r\n\r\n", expected: nil),
    .init(
      kind: .spamd([]), reply: "SPAMD/1.0 69 Service Unavailable: TELL\r\n\r\n",
      expected: .refused("SPAMD/1.0 69 Service Unavailable: TELL")),
    .init(kind: .spamd([]), reply: "SPAMD/1.1 0 EX", expected: .cut),
    .init(
      kind: .rspamd, reply: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", expected: nil),
    .init(
      kind: .rspamd, reply: "HTTP/1.1 208 Learned\r\nContent-Length: 0\r\n\r\n", expected: nil),
    .init(
      kind: .rspamd, reply: "HTTP/1.1 403 Unauthorized\r\nContent-Length: 0\r\n\r\n",
      expected: .refused("HTTP/1.1 403 Unauthorized")),
    .init(kind: .rspamd, reply: "220 mx\r\n\r\n", expected: .garbage("220 mx")),
    .init(kind: .clamd, reply: "x", expected: .refused("it does not learn")),
  ]

  @Test(arguments: cases)
  func eachAnswerIsReadOrRefused(_ one: Case) async throws {
    let server = try await FakeScanner(.say(bytes(one.reply)))
    defer { server.stop() }
    let service = ScanService(one.kind, [try ScannerHost(server.host)])
    #expect(await service.learn(ScanJob(bytes("mail")), isSpam: true) == one.expected)
  }

  @Test(arguments: [
    (
      ScannerKind.spamd([], user: "ann"), true,
      "TELL SPAMC/1.5\r\nContent-length: 1\r\nUser: ann\r\nMessage-class: spam\r\n"
        + "Set: local\r\n\r\nM"
    ),
    (
      .spamd([]), false,
      "TELL SPAMC/1.5\r\nContent-length: 1\r\nMessage-class: ham\r\nSet: local\r\n\r\nM"
    ),
    (.rspamd, true, "POST /learnspam HTTP/1.0\r\nContent-Length: 1\r\n\r\nM"),
    (.rspamd, false, "POST /learnham HTTP/1.0\r\nContent-Length: 1\r\n\r\nM"),
  ])
  func requestsAreWritten(_ kind: ScannerKind, _ isSpam: Bool, _ written: String) async throws {
    let server = try await FakeScanner(.say(bytes("x\r\n"), afterBytes: written.utf8.count))
    defer { server.stop() }
    let service = ScanService(kind, [try ScannerHost(server.host)])
    _ = await service.learn(ScanJob([77]), isSpam: isSpam)
    #expect(server.received.map { String(decoding: $0, as: UTF8.self) } == [written])
  }

  @Test func whatIsTooBigIsNotTaught() async throws {
    let host = try ScannerHost("unix:/nonexistent/scanner")
    let job = ScanJob([UInt8](repeating: 65, count: 524_289))
    let failure = await ScanService(.spamd([]), [host]).learn(job, isSpam: true)
    #expect(failure == .refused("too big for it"))
  }
}
