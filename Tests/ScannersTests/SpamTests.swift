// A real spamd, and what it could never be seen to say.
import MailLab
import RuleBytecode
import Testing

@testable import Scanners

/// One for all tests of this process.
enum SpamLab {
  static let server = Result { try SpamServer() }

  static func service(_ questions: [SpamQuestion]) throws -> ScanService {
    ScanService(.spamd(questions), [.unix(path: try server.get().socketPath)])
  }

  static func result(
    _ mail: [UInt8], _ questions: [SpamQuestion], account: String? = nil
  ) async throws -> ScanResult {
    let answer = try await service(questions).scan(ScanJob(mail, ScanEnvelope(account: account)))
    guard case .result(let result) = answer else { throw LabError("\(answer)") }
    return result
  }
}

struct SpamTests {
  @Test func theTestLineIsSpam() async throws {
    let result = try await SpamLab.result(SpamSample.message, [.symbols])
    #expect(result.word == .spam)
    #expect((result.score ?? 0) > 900 * Decimal.scale)
    #expect(result.threshold == 5 * Decimal.scale)
    #expect(result.symbols.contains("GTUBE"))
    #expect(result.report == nil && result.rewrittenHeader == nil)
  }

  /// The score is the sum of the rules that hit: it is read to its decimals, signs included.
  @Test func scoresAreRead() async throws {
    let none = try await SpamLab.result(SpamSample.mail("See you"), [.symbols])
    let some = try await SpamLab.result(SpamSample.mail("fourpoints oneandahalf"), [.symbols])
    let less = try await SpamLab.result(SpamSample.mail("minustwo"), [.symbols])
    let score = try #require(none.score)
    #expect(none.word == .ham)
    #expect(some.score == score + 5_500_000)
    #expect(some.word == .spam)
    #expect(less.score == score - 2_000_000)
    #expect(
      Set(some.symbols).subtracting(none.symbols) == ["LAB_FOUR", "LAB_ONE_AND_A_HALF"])
  }

  @Test func questionsAddUp() async throws {
    let result = try await SpamLab.result(SpamSample.mail("oneandahalf"), SpamQuestion.allCases)
    #expect(result.symbols.contains("LAB_ONE_AND_A_HALF"))
    let report = try #require(result.report)
    #expect(report.contains("The word oneandahalf"))
    #expect(!report.contains("\r"))
    let header = String(decoding: try #require(result.rewrittenHeader), as: UTF8.self)
    #expect(header.contains("X-Spam-Status: No, score="))
    #expect(header.contains("Subject: lunch on Monday"))
    #expect(!header.hasSuffix("\n\n") && !header.contains("\noneandahalf"))
  }

  @Test func asksAsTheAccountOfTheJob() async throws {
    _ = try await SpamLab.result(SpamSample.mail("hello"), [.symbols], account: "bob\r\nX: 1")
    let server = try SpamLab.server.get()
    #expect(Laboratory.waitUntil(timeoutSeconds: 10) { server.log.contains("for bob??X: 1:") })
  }

  @Test func isAlive() async throws {
    let reports = await (try SpamLab.service([])).probe()
    #expect(reports.map(\.words) == ["SPAMD/1.5 0 PONG"])
  }

  @Test func ourBoundIsKept() async throws {
    let host = try ScannerHost("unix:/nonexistent/scanner")
    let service = ScanService(.spamd([.symbols]), [host])
    #expect(await service.scan(ScanJob([UInt8](repeating: 65, count: 524_289))) == .tooBig)
    #expect(await service.scan(ScanJob([UInt8](repeating: 65, count: 524_288))) != .tooBig)
  }
}

struct SpamAnswerTests {
  struct Case: Sendable {
    let reply: String
    let expected: ScanAnswer
  }

  private static func result(
    _ word: ScanResult.Word, _ score: String, _ threshold: String, _ symbols: [String]
  ) -> ScanAnswer {
    var result = ScanResult(word)
    result.score = Decimal.parse(bytes(score))
    result.threshold = Decimal.parse(bytes(threshold))
    result.symbols = symbols
    return .result(result)
  }

  private static func reply(_ judgement: String, _ body: String) -> String {
    "SPAMD/1.1 0 EX_OK\r\nContent-length: \(body.utf8.count)\r\nSpam: \(judgement)\r\n\r\n\(body)"
  }

  static let many = Array(repeating: "A", count: 1_000).joined(separator: ",")
  static let long = String(repeating: "A", count: 256)

  static let cases: [Case] = [
    .init(
      reply: reply("True ; 15.0 / 5.0", "A,B"), expected: result(.spam, "15", "5", ["A", "B"])),
    .init(reply: reply("Yes;6.8/5", "A\r\n"), expected: result(.spam, "6.8", "5", ["A"])),
    .init(reply: reply("False ; -0.1 / 5.0", ""), expected: result(.ham, "-0.1", "5", [])),
    .init(reply: reply("False ; nan / 5.0", ""), expected: garbage("Spam: False ; nan / 5.0")),
    .init(reply: reply("Maybe ; 1 / 5", ""), expected: garbage("Spam: Maybe ; 1 / 5")),
    .init(reply: reply("True ; 1", ""), expected: garbage("Spam: True ; 1")),
    .init(reply: "SPAMD/1.1 0 EX_OK\r\n\r\n", expected: garbage("Spam: ")),
    .init(reply: "HTTP/1.1 200 OK\r\n\r\n", expected: garbage("HTTP/1.1 200 OK")),
    .init(reply: "SPAMD/1.1\r\n\r\n", expected: garbage("SPAMD/1.1")),
    .init(reply: "SPAMD/1.1 x EX\r\n\r\n", expected: garbage("SPAMD/1.1 x EX")),
    .init(
      reply: "SPAMD/1.0 76 Bad header line: x\r\n\r\n",
      expected: .failed(.refused("SPAMD/1.0 76 Bad header line: x"))),
    .init(reply: reply("False ; 1 / 5", "\u{1}"), expected: garbage("?")),
    .init(
      reply: reply("False ; 1 / 5", many),
      expected: result(.ham, "1", "5", Array(repeating: "A", count: 1_000))),
    .init(reply: reply("False ; 1 / 5", many + ",A"), expected: .failed(.tooLong)),
    .init(reply: reply("False ; 1 / 5", long), expected: result(.ham, "1", "5", [long])),
    .init(
      reply: reply("False ; 1 / 5", long + "A"),
      expected: garbage(ScannerText.shown(long))),
  ]

  private static func garbage(_ text: String) -> ScanAnswer { .failed(.garbage(text)) }

  @Test(arguments: cases)
  func eachAnswerIsReadOrRefused(_ answer: Case) async throws {
    let server = try await FakeScanner(.say(bytes(answer.reply)))
    defer { server.stop() }
    let service = ScanService(.spamd([]), [try ScannerHost(server.host)])
    #expect(await service.scan(ScanJob(bytes("mail"))) == answer.expected)
  }

  @Test func requestsAreWritten() async throws {
    let written = "HEADERS SPAMC/1.5\r\nContent-length: 6\r\nUser: ann\r\n\r\na\r\n\r\nb"
    let server = try await FakeScanner(.say(bytes("x\n"), afterBytes: written.utf8.count))
    defer { server.stop() }
    let service = ScanService(.spamd([.headers]), [try ScannerHost(server.host)])
    _ = await service.scan(ScanJob(bytes("a\r\n\r\nb"), ScanEnvelope(account: "ann")))
    #expect(server.received.map { String(decoding: $0, as: UTF8.self) } == [written])
  }
}
