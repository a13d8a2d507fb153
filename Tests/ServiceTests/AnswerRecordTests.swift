// Answers of checks as the daemon keeps them with a message on which it failed, and that the
// compiler's commands play them.
import Foundation
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import MilterBridge
@testable import Service

struct AnswerRecordTests {
  private static func given(
    _ kind: CheckKind, _ name: String, _ arguments: [String], _ answer: CheckAnswer
  ) -> GivenAnswer { GivenAnswer(kind: kind, name: name, arguments: arguments, answer: answer) }

  /// As it stands at the end of what is kept of a session.
  private static func line(_ answers: [GivenAnswer]) throws -> String {
    var facts = SessionFacts()
    facts.answers = answers
    let whole = String(decoding: facts.json("no fuel", seconds: 0), as: UTF8.self)
    let start = try #require(whole.firstRange(of: #""answers":"#))
    return String(whole[start.upperBound...].dropLast(2))
  }

  static let forms: [(GivenAnswer, String)] = [
    (
      given(.dnsbl, "zen.example", ["zen.example", "192.0.2.1"], .values(["127.0.0.2"])),
      #"{"dnsbl":{"zen.example 192.0.2.1":["127.0.0.2"]}}"#
    ),
    (
      given(
        .hashbl, "h.example", ["h.example", "sha1", "a@example.com"],
        .fields(["codes": "127.0.0.2 127.0.0.3", "text": "why"])),
      #"{"hashbl":{"h.example a@example.com":{"codes":["127.0.0.2","127.0.0.3"],"text":"why"}}}"#
    ),
    (
      given(.mx, "", ["example.com", "", ""], .failed(.dns, reason: "timeout")),
      #"{"mx":{"example.com":"timeout"}}"#
    ),
    (
      given(.mx, "", ["example.com", "", ""], .failed(.dns, reason: "SERVFAIL")),
      #"{"mx":{"example.com":"error"}}"#
    ),
    (
      given(
        .scan, "clamav", ["clamav"],
        .fields(["result": "infected", "name": "Eicar", "other": "left out"])),
      #"{"scan":{"clamav":{"name":"Eicar","result":"infected"}}}"#
    ),
    (
      given(
        .callout, "to", ["smtp", "bob@example.com"],
        .fields(["code": "550", "enhanced": "5.1.1", "text": "no"])),
      #"{"recipient_known":{"bob@example.com":{"code":"550","enhanced":"5.1.1","text":"no"}}}"#
    ),
    (given(.spf, "", ["192.0.2.1"], .fields(["result": "pass"])), #"{"spf":{"result":"pass"}}"#),
    (
      given(.dmarc, "", [], .fields(["result": "fail", "policy": "reject"])),
      #"{"dmarc":{"policy":"reject","result":"fail"}}"#
    ),
    (
      given(.dkim, "", [], .values(["pass example.com s1", "fail example.net s2 body hash"])),
      #"{"dkim":[{"domain":"example.com","result":"pass","selector":"s1"},"#
        + #"{"domain":"example.net","result":"fail","selector":"s2"}]}"#
    ),
    (
      given(
        .rdns, "", ["192.0.2.1"],
        .fields(["confirmed": "yes", "dynamic": "no", "name": "mx.example"])),
      #"{"rdns":{"confirmed":true,"dynamic":false,"name":"mx.example"}}"#
    ),
    (given(.greylist, "", ["k"], .fields(["wait": "60"])), #"{"greylist":{"wait":60}}"#),
    (given(.rate, "", ["1", "k"], .truth(true)), #"{"rate":{"k":true}}"#),
    (
      given(.knownSender, "", ["a@example.net"], .fields(["count": "3", "first": "43199"])),
      #"{"sender_known":{"count":3,"days":\#(43_199.5 / 86_400)}}"#
    ),
    (
      given(.table, "vips", ["vips", "", "ann@example.com"], .values(["gold"])),
      #"{"table":{"vips":{"ann@example.com":"gold"}}}"#
    ),
    (
      given(.table, "vips", ["vips", "bob@example.com", "ann@example.com"], .values(["gold"])),
      #"{"table":{"vips":{"bob@example.com":{"ann@example.com":"gold"}}}}"#
    ),
    (given(.table, "vips", ["vips", "", "nobody"], .values([])), #"{"table":{"vips":{}}}"#),
    (given(.table, "vips", ["vips", "", "a"], .failed(.table)), #"{"table":{"vips":"error"}}"#),
    // No file may say that.
    (given(.scan, "clamav", ["clamav"], .fields(["result": "odd"])), "{}"),
  ]

  @Test(arguments: forms) func eachHasItsForm(_ given: GivenAnswer, _ json: String) throws {
    #expect(try Self.line([given]) == json)
  }

  @Test func theLatestStays() throws {
    let answers = ["clean", "infected"].map {
      Self.given(.scan, "clamav", ["clamav"], .fields(["result": $0]))
    }
    #expect(try Self.line(answers) == #"{"scan":{"clamav":{"result":"infected"}}}"#)
    let tables = [
      Self.given(.table, "t", ["t", "", "a"], .values(["1"])),
      Self.given(.table, "t", ["t", "", "b"], .failed(.table)),
      Self.given(.table, "t", ["t", "", "c"], .values(["3"])),
    ]
    #expect(try Self.line(tables) == #"{"table":{"t":{"a":"1","c":"3"}}}"#)
  }

  // MARK: The log of one session

  private static func request(_ id: UInt32, _ kind: CheckKind) -> CheckRequest {
    CheckRequest(id: id, kind: kind, name: "n", arguments: ["n", "a"], timeoutMilliseconds: 1)
  }

  @Test func whatIsOfTheMessageGoesWithIt() {
    var log = AnswerLog()
    log.asked(Self.request(1, .dnsbl), isOfMessage: true)
    log.asked(Self.request(2, .scan), isOfMessage: true)
    log.asked(Self.request(3, .unpack), isOfMessage: true)
    log.asked(Self.request(4, .mx), isOfMessage: false)
    log.answered(1, .values([]))
    log.answered(2, .fields(["result": "clean"]))
    log.answered(3, .truth(true))
    // Not answered yet.
    #expect(log.given.map(\.kind) == [.dnsbl, .scan])
    log.answered(4, .values(["ok"]))
    log.endMessage()
    // The session keeps what holds for all of it.
    #expect(log.given.map(\.kind) == [.dnsbl, .mx])
    log.removeAll()
    #expect(log.given == [])
  }

  @Test func itIsBounded() {
    var log = AnswerLog()
    let long = CheckAnswer.values([String(repeating: "x", count: AnswerLog.bytesMax)])
    log.asked(Self.request(1, .dnsbl), isOfMessage: true)
    log.answered(1, long)
    log.asked(Self.request(2, .dnsbl), isOfMessage: true)
    log.answered(2, .values(["one more"]))
    #expect(log.given.map(\.answer) == [long])
    for id in 3...UInt32(AnswerLog.countMax + 1) {
      log.asked(Self.request(id, .mx), isOfMessage: true)
      log.answered(id, .truth(true))
    }
    #expect(log.given.count == AnswerLog.countMax - 1)
  }

  // MARK: Played

  @Test func aTracePlaysThem() throws {
    let folder = try LabDirectory()
    let policy = try folder.write(
      "p.rules",
      """
      require "defang";
      on_error :scanner "continue";
      scanner :clamd "unix:/nowhere" "clamav";
      phase eom {
        rule "virus" { if scan "clamav" { reject "Seen"; } }
      }

      """)
    var facts = SessionFacts()
    facts.stage = .endOfMessage
    facts.sender = "<ann@example.net>"
    facts.recipients = ["<bob@example.com>"]
    facts.answers = [
      Self.given(.scan, "clamav", ["clamav"], .fields(["result": "infected", "name": "E"]))
    ]
    let bytes = Array("Subject: x\r\n\r\ny\r\n".utf8)
    facts.message = ReceivedMessage(bytes: bytes, sizeBytes: bytes.count)
    try folder.write("message.eml", String(decoding: bytes, as: UTF8.self))
    let json = String(decoding: facts.json("no fuel", seconds: 0), as: UTF8.self)
    let session = try folder.write("session.json", json)
    let run = try ToolRun(["defang-rulec", "trace", policy, "--session", session])
    #expect(run.status == .code(0) && run.output.contains("Seen"), "\(run.output)")
    // What is said beside it wins.
    let none = try folder.write("none.json", "{}")
    let other = try ToolRun([
      "defang-rulec", "trace", policy, "--session", session, "--answers", none,
    ])
    #expect(other.status == .code(0) && !other.output.contains("Seen"), "\(other.output)")
  }
}
