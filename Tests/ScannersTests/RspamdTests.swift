// A real rspamd: what it is told arrives, what it says is read.
import MailLab
import RuleBytecode
import Testing

@testable import Scanners

/// One for all tests of this process.
enum RspamdLab {
  static let server = Result { try RspamdServer() }

  static func service() throws -> ScanService {
    ScanService(.rspamd, [.unix(path: try server.get().socketPath)])
  }

  static func result(
    _ mail: [UInt8], _ envelope: ScanEnvelope = ScanEnvelope()
  ) async throws -> ScanResult {
    let answer = try await service().scan(ScanJob(mail, envelope))
    guard case .result(let result) = answer else { throw LabError("\(answer)") }
    return result
  }
}

struct RspamdTests {
  @Test func theTestLineIsRejected() async throws {
    let result = try await RspamdLab.result(SpamSample.message)
    #expect(result.word == .spam)
    #expect(result.action == "reject")
    #expect(result.symbols == ["GTUBE"])
    #expect(result.score == 15 * Decimal.scale)
    #expect(result.threshold == 15 * Decimal.scale)
    #expect(result.report?.hasPrefix("Gtube pattern\n") == true)
  }

  @Test func scoresSymbolsAndHeadersAreRead() async throws {
    let plain = try await RspamdLab.result(SpamSample.mail("See you"))
    #expect(plain.word == .ham)
    #expect(!plain.symbols.contains(RspamdServer.symbol.name))
    #expect(plain.symbols == plain.symbols.sorted())
    let mail = String(decoding: SpamSample.mail("See you"), as: UTF8.self)
      .replacing("lunch", with: "labword")
    let marked = try await RspamdLab.result(bytes(mail))
    let score = try #require(plain.score)
    #expect(marked.score == score + 7_250_000)
    #expect(marked.action == "add header")
    #expect(marked.word == .suspicious)
    #expect(marked.symbols.contains(RspamdServer.symbol.name))
    #expect(marked.report?.contains("7.25 LAB_WORD The word of the test\n") == true)
    #expect(marked.headerChanges.contains(.remove(name: "X-Spam-Level", occurrence: 0)))
    let stars = String(repeating: "*", count: Int((score + 7_250_000) / Decimal.scale))
    #expect(
      marked.headerChanges.contains(.add(name: "X-Spam-Level", value: stars, position: nil)))
  }

  @Test func theEnvelopeArrives() async throws {
    let envelope = ScanEnvelope(
      clientAddress: "203.0.113.9", clientName: "client.example.org", helo: "helo.example\r\nX: 1",
      sender: "from@example.org", recipients: ["one@example.net", "two@example.net"],
      queueID: "QUEUE7", login: "ann")
    _ = try await RspamdLab.result(SpamSample.mail("See you"), envelope)
    let server = try RspamdLab.server.get()
    let words = [
      "qid: <QUEUE7>", "ip: 203.0.113.9", "user: ann", "from: <from@example.org>",
      "rcpts: <one@example.net,two@example.net>",
    ]
    #expect(
      Laboratory.waitUntil(timeoutSeconds: 10) {
        server.log.split(separator: "\n").contains { line in
          words.allSatisfy { line.contains($0) }
        }
      })
  }

  @Test func isAlive() async throws {
    let hosts = try RspamdLab.service().hosts
    let reports = await ScanService(.rspamd, hosts, .patient(for: .rspamd)).probe()
    #expect(reports.map { $0.words?.hasPrefix("rspamd/") } == [true])
  }

  @Test func nothingAtAllIsJudgedToo() async throws {
    let result = try await RspamdLab.result([])
    #expect(result.word == .ham && result.action == "no action")
  }
}
