// A real c-icap that asks a real clamd, and what ICAP servers could be seen to say.
import MailLab
import NIOCore
import Testing

@testable import Scanners

enum ICAPLab {
  static let server = Result { try ICAPServer(asking: ClamLab.server.get()) }

  static func service(_ name: String) throws -> ScanService {
    let url = ScanURL("icap://127.0.0.1:\(try server.get().port)/\(name)")
    return ScanService(.icap(service: url.service), try url.hosts())
  }
}

@Suite(.serialized) struct ICAPTests {
  @Test(arguments: ["virus_scan", "virus_scan?allow204=on&sizelimit=off&mode=simple"])
  func saysWhatItFinds(_ name: String) async throws {
    let service = try ICAPLab.service(name)
    let mail = ScanEnvelope(sender: "ann@example.org")
    #expect(await service.scan(ScanJob(MalwareSample.message, mail)) == ClamTests.infected)
    #expect(await service.scan(ScanJob(MalwareSample.bytes)) == ClamTests.infected)
    #expect(await service.scan(ScanJob(ClamTests.harmless, mail)) == .result(ScanResult(.clean)))
    #expect(await service.scan(ScanJob([])) == .result(ScanResult(.clean)))
  }

  /// What it begins to hand on before it has seen all of it, nobody has judged.
  @Test func whatItLetsByUnseenIsNotClean() async throws {
    let large = ScanJob([UInt8](repeating: 65, count: 3_000_000))
    guard case .failed(.refused) = await (try ICAPLab.service("virus_scan")).scan(large) else {
      Issue.record("it says something about mail that it did not look at")
      return
    }
    let whole = try ICAPLab.service("virus_scan?allow204=on&sizelimit=off&mode=simple")
    #expect(await whole.scan(large) == .result(ScanResult(.clean)))
  }

  @Test func aServiceThatIsNotThereRefuses() async throws {
    let answer = await (try ICAPLab.service("nowhere")).scan(ScanJob([65]))
    #expect(answer == .failed(.refused("ICAP/1.0 404 Service not found")))
  }

  @Test func isAlive() async throws {
    let reports = await (try ICAPLab.service("virus_scan")).probe()
    #expect(reports.map(\.failure) == [nil])
    #expect(reports.first?.words?.contains("Antivirus service") == true)
  }

  @Test func manyAtOnce() async throws {
    let service = try ICAPLab.service("virus_scan")
    let right = await withTaskGroup(of: Bool.self) { group in
      for number in 1...30 {
        group.addTask {
          let isBad = number.isMultiple(of: 3)
          let bytes = isBad ? MalwareSample.bytes : ClamTests.harmless
          let answer = await service.scan(ScanJob(bytes))
          return answer == (isBad ? ClamTests.infected : .result(ScanResult(.clean)))
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(right == 30)
  }
}

struct ICAPAnswerTests {
  private static func infected(_ name: String?) -> ScanAnswer {
    var result = ScanResult(.infected)
    result.name = name
    return .result(result)
  }

  private static func found(_ field: String) -> String { "ICAP/1.0 200 OK\r\n\(field)\r\n\r\n" }

  static let long = String(repeating: "a", count: 300)

  static let cases: [(String, ScanAnswer)] = [
    ("ICAP/1.0 204 No Content\r\n\r\n", .result(ScanResult(.clean))),
    ("ICAP/1.0 204 No Content\r\nISTag: x\r\n\r\n", .result(ScanResult(.clean))),
    (found("X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;"), infected("Eicar")),
    (found("X-Infection-Found: Type=0;Resolution=2;threat= A b ;"), infected("A b")),
    (found("X-Infection-Found: Type=0; Resolution=2"), infected(nil)),
    (found("x-virus-id: Eicar"), infected("Eicar")),
    (found("X-Virus-ID: a\u{1}b"), infected("a?b")),
    (found("X-Virus-ID: \(long)"), infected(String(long.prefix(253)))),
    (
      found("X-Violations-Found: 1\r\n\tfile.com\r\n\tEicar\r\n\t0\r\n\t2"), infected("Eicar")
    ),
    (found("X-Violations-Found: 1"), infected(nil)),
    ("ICAP/1.0 204 OK\r\nX-Violations-Found: 0\r\n\r\n", .result(ScanResult(.clean))),
    ("ICAP/1.0 204 OK\r\nX-Virus-ID: Eicar\r\n\r\n", infected("Eicar")),
    (
      found("Encapsulated: res-hdr=0"),
      .failed(.refused("the content comes back changed, and nothing says why"))
    ),
    (
      "ICAP/1.0 503 Overloaded\r\n\r\n", .failed(.refused("ICAP/1.0 503 Overloaded"))
    ),
    ("HTTP/1.1 200 OK\r\n\r\n", .failed(.garbage("HTTP/1.1 200 OK"))),
    ("ICAP/1.0\r\n\r\n", .failed(.garbage("ICAP/1.0"))),
    ("ICAP/1.0 2O4 x\r\n\r\n", .failed(.garbage("ICAP/1.0 2O4 x"))),
    ("ICAP/1.0 204 x\r\nnothing\r\n\r\n", .failed(.garbage("nothing"))),
    ("ICAP/1.0 204 x\r\n goes on\r\n\r\n", .failed(.garbage(" goes on"))),
    ("ICAP/1.0 200 OK\r\nX-Infection-Found: Threat=E;\r\n", .failed(.cut)),
    (
      found("X-Virus-ID: a\r\n" + String(repeating: " \(long)\r\n", count: 30)),
      .failed(.tooLong)
    ),
  ]

  @Test(arguments: cases)
  func eachAnswerIsReadOrRefused(_ reply: String, _ expected: ScanAnswer) async throws {
    let server = try await FakeScanner(.say(bytes(reply)))
    defer { server.stop() }
    let service = ScanService(.icap(service: "av"), [try ScannerHost(server.host)])
    #expect(await service.scan(ScanJob(bytes("mail"))) == expected)
  }

  @Test func requestsAreWritten() async throws {
    let written = """
      RESPMOD icap://localhost/av?x=1 ICAP/1.0\r
      Host: localhost\r
      Connection: close\r
      User-Agent: Defang\r
      Allow: 204\r
      X-Client-IP: 192.0.2.1\r
      Encapsulated: req-hdr=0, res-hdr=57, res-body=129\r
      \r
      GET http://mail.invalid/ HTTP/1.1\r
      Host: mail.invalid\r
      \r
      HTTP/1.1 200 OK\r
      Content-Type: message/rfc822\r
      Content-Length: 65537\r
      \r

      """
    let body = String(repeating: "A", count: 65_536)
    let whole = written + "10000\r\n\(body)\r\n1\r\nB\r\n0\r\n\r\n"
    let server = try await FakeScanner(
      .say(bytes("ICAP/1.0 204 x\r\n\r\n"), afterBytes: whole.utf8.count))
    defer { server.stop() }
    let service = ScanService(.icap(service: "av?x=1"), [try ScannerHost(server.host)])
    let mail = ScanEnvelope(clientAddress: "192.0.2.1", sender: "")
    _ = await service.scan(ScanJob(bytes(body + "B"), mail))
    #expect(server.received.map { String(decoding: $0, as: UTF8.self) } == [whole])
  }

  @Test(arguments: [
    ("icap://a/av", ["inet:1344@a"], "av"),
    ("icap://a:11,b/x/y?z=1", ["inet:11@a", "inet:1344@b"], "x/y?z=1"),
    ("icap://[::1]:11/av", ["inet6:11@::1"], "av"), ("icap://[::1]", ["inet6:1344@::1"], ""),
  ])
  func addressesAreRead(_ text: String, _ hosts: [String], _ service: String) throws {
    let url = ScanURL(text)
    #expect(try url.hosts().map { "\($0)" } == hosts)
    #expect(url.service == service)
  }

  @Test(arguments: ["http://a/", "icap:///av", "icap://a:0/av", "icap://a,/av", "icap://a:x/"])
  func whatIsNoAddressIsRefused(_ text: String) {
    #expect(throws: ScannerHost.BadAddress.self) { try ScanURL(text).hosts() }
  }

  @Test func ourBoundIsKept() async throws {
    let service = ScanService(.icap(service: "x"), [try ScannerHost("unix:/nonexistent/scanner")])
    #expect(await service.scan(ScanJob([UInt8](repeating: 65, count: 5_242_881))) == .tooBig)
    #expect(await service.scan(ScanJob([UInt8](repeating: 65, count: 5_242_880))) != .tooBig)
  }
}
