// Names, and the servers that a configuration names.
import Testing

@testable import Resolver

struct NameTests {
  private static let label63 = String(repeating: "a", count: 63)

  static let right: [(String, String)] = [
    ("Example.ORG", "example.org"), ("example.org.", "example.org"),
    ("_dmarc.example.org", "_dmarc.example.org"),
    ("2.0.0.127.zen.example", "2.0.0.127.zen.example"),
    (label63 + ".a", label63 + ".a"),
    (
      [label63, label63, label63, String(label63.dropLast(2))].joined(separator: "."),
      [label63, label63, label63, String(label63.dropLast(2))].joined(separator: ".")
    ),
  ]

  @Test(arguments: right) func takes(_ text: String, _ expected: String) throws {
    #expect(try DNSName(text).text == expected)
  }

  static let wrong: [(String, DNSNameError)] = [
    ("", .empty), (".", .empty), ("a..b", .emptyLabel), (".a", .emptyLabel), ("a..", .emptyLabel),
    (label63 + "a.b", .labelTooLong(bytes: 64)),
    (
      [label63, label63, label63, String(label63.dropLast(1))].joined(separator: "."),
      .nameTooLong(bytes: 254)
    ),
    ("a b.example", .forbiddenByte(32)), ("a\\.example", .forbiddenByte(92)),
    ("a\n.example", .forbiddenByte(10)), ("ä.example", .forbiddenByte(0xc3)),
    ("a\u{0}.example", .forbiddenByte(0)), ("a\u{7f}", .forbiddenByte(0x7f)),
  ]

  @Test(arguments: wrong) func refuses(_ text: String, _ error: DNSNameError) {
    #expect(throws: error) { try DNSName(text) }
  }

  @Test func knowsWhatLiesBelow() throws {
    let zone = try DNSName("example.org")
    #expect(try DNSName("example.org").isWithin(zone))
    #expect(try DNSName("a.b.example.org").isWithin(zone))
    #expect(try !DNSName("badexample.org").isWithin(zone))
    #expect(try !DNSName("org").isWithin(zone))
  }

  static let servers: [([String], String)] = [
    ([], ""), (["192.0.2.1"], "192.0.2.1:53"), (["192.0.2.1:5353"], "192.0.2.1:5353"),
    (["2001:db8::1"], "[2001:db8::1]:53"), (["[2001:db8::1]"], "[2001:db8::1]:53"),
    (["[::1]:5353", "127.0.0.1"], "[::1]:5353,127.0.0.1:53"),
    (
      Array(repeating: "192.0.2.1", count: 8),
      Array(repeating: "192.0.2.1:53", count: 8).joined(separator: ",")
    ),
  ]

  @Test(arguments: servers) func readsServers(_ list: [String], _ text: String) throws {
    #expect(try ServerList(list, limits: ResolverLimits()).text == text)
  }

  static let wrongServers: [([String], ResolverError)] = [
    (["ns.example.org"], .notAnAddress("ns.example.org")),
    (["192.0.2"], .notAnAddress("192.0.2")), ([""], .notAnAddress("")),
    (["192.0.2.1,192.0.2.2"], .notAnAddress("192.0.2.1,192.0.2.2")),
    (["fe80::1%eth0"], .notAnAddress("fe80::1%eth0")),
    (["[::1]x"], .notAnAddress("[::1]x")),
    (["192.0.2.1:0"], .notAPort("192.0.2.1:0")), (["192.0.2.1:"], .notAPort("192.0.2.1:")),
    (["192.0.2.1:65536"], .notAPort("192.0.2.1:65536")), (["[::1]:+1"], .notAPort("[::1]:+1")),
    (Array(repeating: "192.0.2.1", count: 9), .tooManyServers(limit: 8)),
  ]

  @Test(arguments: wrongServers) func refusesServers(_ list: [String], _ error: ResolverError) {
    #expect(throws: error) { try ServerList(list, limits: ResolverLimits()) }
  }
}
