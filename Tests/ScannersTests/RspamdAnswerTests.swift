// What rspamd, or whoever sits at its place, could say.
import RuleBytecode
import Testing

@testable import Scanners

struct RspamdAnswerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let json: String
    let expected: ScanAnswer
    var testDescription: String { String(json.prefix(80)) }

    init(_ json: String, _ expected: ScanAnswer) { (self.json, self.expected) = (json, expected) }
  }

  private static func result(
    _ action: String, _ word: ScanResult.Word, _ change: (inout ScanResult) -> Void = { _ in }
  ) -> ScanAnswer {
    var result = ScanResult(word)
    result.action = action
    result.score = 1_500_000
    change(&result)
    return .result(result)
  }

  private static func milter(_ json: String) -> String {
    #"{"score":1.5,"action":"no action","milter":\#(json)}"#
  }

  private static func changes(_ changes: ScanHeaderChange...) -> ScanAnswer {
    result("no action", .ham) { $0.headerChanges = changes }
  }

  private static func added(_ count: Int) -> String {
    let fields = (0..<count).map { _ in #""v""# }.joined(separator: ",")
    return milter(#"{"add_headers":{"A":[\#(fields)]}}"#)
  }

  private static func symbols(_ count: Int) -> String {
    let list = (0..<count).map { "\"S\($0)\":{\"score\":0}" }.joined(separator: ",")
    return #"{"score":1.5,"action":"no action","symbols":{\#(list)}}"#
  }

  static let words: [Case] = [
    ("no action", ScanResult.Word.ham), ("greylist", .ham), ("add header", .suspicious),
    ("rewrite subject", .suspicious), ("soft reject", .suspicious), ("quarantine", .suspicious),
    ("reject", .spam), ("discard", .spam), ("own action", .suspicious),
  ].map { .init("{\"score\":1.5,\"action\":\"\($0.0)\"}", result($0.0, $0.1)) }

  static let headers: [Case] = [
    .init(
      milter(#"{"add_headers":{"A":"v","B":{"value":"w","order":1}},"remove_headers":{"C":0}}"#),
      changes(
        .remove(name: "C", occurrence: 0), .add(name: "A", value: "v", position: nil),
        .add(name: "B", value: "w", position: 1))),
    .init(
      milter(#"{"add_headers":{"A":[{"value":"v","order":-1},"w"]},"remove_headers":[]}"#),
      changes(
        .add(name: "A", value: "v", position: nil), .add(name: "A", value: "w", position: nil))),
    .init(
      milter(#"{"remove_headers":{"A":[1,-1],"B":""}}"#),
      changes(
        .remove(name: "A", occurrence: 1), .remove(name: "A", occurrence: -1),
        .remove(name: "B", occurrence: 0))),
    .init(
      milter(#"{"add_headers":{"A":"v;\r\n\tw"}}"#),
      changes(.add(name: "A", value: "v;\n\tw", position: nil))),
    .init(added(100), changes(each(100))),
    .init(added(101), .failed(.tooLong)),
    .init(
      milter(#"{"add_headers":{"A":"v\r\nBcc: x"}}"#), garbage("a header value: v??Bcc: x")),
    .init(milter(#"{"add_headers":{"A":"v\n \nw"}}"#), garbage("a header value: v? ?w")),
    .init(milter(#"{"add_headers":{"A":"v\n"}}"#), garbage("a header value: v?")),
    .init(milter(#"{"add_headers":{"A":"v\u0000"}}"#), garbage("a header value: v?")),
    .init(milter(#"{"add_headers":{"A: b":"v"}}"#), garbage("header A: b")),
    .init(milter(#"{"remove_headers":{"":0}}"#), garbage("header ")),
    .init(milter(#"{"remove_headers":{"A":{}}}"#), garbage("no JSON as of /checkv2")),
  ]

  private static func each(_ count: Int) -> [ScanHeaderChange] {
    Array(repeating: .add(name: "A", value: "v", position: nil), count: count)
  }

  private static func changes(_ changes: [ScanHeaderChange]) -> ScanAnswer {
    result("no action", .ham) { $0.headerChanges = changes }
  }

  static let oddities: [Case] = [
    .init("", garbage("no JSON as of /checkv2")),
    .init("[]", garbage("no JSON as of /checkv2")),
    .init(String(repeating: "[", count: 100_000), garbage("no JSON as of /checkv2")),
    .init("{}", garbage("no action or no score")),
    .init(#"{"score":1.5}"#, garbage("no action or no score")),
    .init(#"{"action":"reject"}"#, garbage("no action or no score")),
    .init(#"{"score":"1.5","action":"reject"}"#, garbage("no JSON as of /checkv2")),
    .init(#"{"score":1e300,"action":"reject"}"#, garbage("a score out of bounds")),
    .init(#"{"score":1.5,"action":"a\nb"}"#, garbage("action: a?b")),
    .init(#"{"error":"no memory\n"}"#, .failed(.refused("no memory?"))),
    .init(#"{"score":1.5,"action":"x","symbols":{"a b":{}}}"#, garbage("symbol a b")),
    .init(symbols(1_001), .failed(.tooLong)),
  ]

  private static func garbage(_ text: String) -> ScanAnswer { .failed(.garbage(text)) }

  @Test(arguments: words + headers + oddities)
  func eachAnswerIsReadOrRefused(_ answer: Case) async throws {
    let body = "HTTP/1.1 200 OK\r\nContent-Length: \(answer.json.utf8.count)\r\n\r\n\(answer.json)"
    #expect(try await ask(body) == answer.expected)
  }

  @Test func asManySymbolsAsAllowedAreRead() async throws {
    let answer = try await ask("HTTP/1.1 200 OK\r\n\r\n" + Self.symbols(1_000))
    guard case .result(let result) = answer else { throw ScanFailure.cut }
    #expect(result.symbols.count == 1_000)
  }

  @Test(arguments: [
    ("HTTP/1.1 413 Too large\r\n\r\n", ScanAnswer.tooBig),
    ("HTTP/1.1 503 No\r\n\r\n{}", .failed(.refused("HTTP/1.1 503 No"))),
    ("HTTP/2 200\r\n\r\n", .failed(.garbage("HTTP/2 200"))),
    ("HTTP/1.1 2000 OK\r\n\r\n", .failed(.garbage("HTTP/1.1 2000 OK"))),
    ("SPAMD/1.1 0 EX_OK\r\n\r\n", .failed(.garbage("SPAMD/1.1 0 EX_OK"))),
  ])
  func eachStatusIsReadOrRefused(_ reply: String, _ expected: ScanAnswer) async throws {
    #expect(try await ask(reply) == expected)
  }

  @Test func requestsAreWritten() async throws {
    let written = """
      POST /checkv2 HTTP/1.0\r
      Content-Length: 4\r
      IP: 192.0.2.1\r
      Helo: a??IP: 127.0.0.1\r
      From: <>\r
      Rcpt: <b@c>\r
      Rcpt: <d@e>\r
      \r
      mail
      """
    let server = try await FakeScanner(.say(bytes("x\n"), afterBytes: written.utf8.count))
    defer { server.stop() }
    let service = ScanService(.rspamd, [try ScannerHost(server.host)])
    let envelope = ScanEnvelope(
      clientAddress: "192.0.2.1", helo: "a\r\nIP: 127.0.0.1", sender: "",
      recipients: ["b@c", "d@e"])
    #expect(
      await service.scan(ScanJob(bytes("mail"), envelope)) == .failed(.cut), "half a status line")
    #expect(server.received.map { String(decoding: $0, as: UTF8.self) } == [written])
  }

  private func ask(_ reply: String) async throws -> ScanAnswer {
    let server = try await FakeScanner(.say(bytes(reply)))
    defer { server.stop() }
    return await ScanService(.rspamd, [try ScannerHost(server.host)]).scan(ScanJob(bytes("mail")))
  }
}
