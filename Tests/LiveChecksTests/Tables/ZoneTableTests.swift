// `:dns` against a name server of the laboratory.
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct ZoneTableTests {
  private static func zone() -> DNSZone {
    var zone = DNSZone()
    zone.add("example.com.list.test", .a(127, 0, 0, 2), .txt(["our ", "customer"]))
    zone.add("only-text.list.test", .txt(["first"]), .txt(["second"]))
    zone.add("1.2.0.192.list.test", .a(127, 0, 0, 3), .a(127, 0, 0, 4))
    zone.add("us.list.test", .a(127, 255, 255, 254))
    zone.fail("broken.list.test", .code(2))
    return zone
  }

  struct Case: Sendable {
    let type: TableType
    let key: String
    let answer: CheckAnswer
  }

  private static let cases = [
    Case(type: .map, key: "example.com", answer: .values(["our customer"])),
    Case(type: .set, key: "example.com", answer: .values(["127.0.0.2"])),
    Case(type: .domain, key: "mail.example.com", answer: .values(["127.0.0.2"])),
    Case(type: .map, key: "192.0.2.1", answer: .values(["127.0.0.3,127.0.0.4"])),
    Case(type: .set, key: "192.0.2.2", answer: .values([])),
    Case(type: .set, key: "only-text", answer: .values(["first,second"])),
    Case(type: .set, key: "no name", answer: .values([])),
    Case(
      type: .set, key: "us",
      answer: .failed(.table, reason: "the zone refuses to answer us: 127.255.255.254")),
    Case(type: .set, key: "broken", answer: .failed(.table, reason: "SERVFAIL")),
  ]

  @Test func asksTheZone() async throws {
    let server = try DNSServer(Self.zone())
    defer { server.stop() }
    for item in Self.cases {
      let desk = try TableDesk(.dns, "list.test", item.type, dns: [server.address])
      #expect(await desk.answer(item.key) == item.answer, "\(item.key)")
    }
  }

  @Test func failsWhenNobodyAnswers() async throws {
    var zone = DNSZone()
    zone.fail("a.list.test", .silent)
    let server = try DNSServer(zone)
    defer { server.stop() }
    let desk = try TableDesk(.dns, "list.test", .set, dns: [server.address])
    #expect(await desk.reason("a", milliseconds: 500) == "timeout")
  }
}
