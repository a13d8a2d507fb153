// Names of clients, and mail hosts of domains.
import RuleBytecode
import Testing

@testable import Resolver

struct ReverseNameTests {
  @Test func aNameMustLeadBack() async throws {
    let table = try TableResolver([
      ("1.2.0.192.in-addr.arpa", .ptr, try pointers(["mx.example", "forged.example"])),
      ("mx.example", .a, try addresses("192.0.2.9", "192.0.2.1")),
      ("forged.example", .a, try addresses("192.0.2.7")),
      ("2.2.0.192.in-addr.arpa", .ptr, try pointers(["forged.example"])),
      ("3.2.0.192.in-addr.arpa", .ptr, try pointers(["forged.example", "slow.example"])),
      ("slow.example", .a, .failed(.timeout)),
      ("4.2.0.192.in-addr.arpa", .ptr, .failed(.refused)),
      ("5.2.0.192.in-addr.arpa", .ptr, .records([.pointer(.unusable)], ttlSeconds: 1)),
    ])
    let expected: [(String, ReverseName)] = [
      ("192.0.2.1", .confirmed([try DNSName("mx.example")])),
      ("192.0.2.2", .unconfirmed([try DNSName("forged.example")])),
      ("192.0.2.3", .failed(.timeout)), ("192.0.2.4", .failed(.refused)), ("192.0.2.5", .none),
      ("192.0.2.6", .none),
    ]
    for (client, result) in expected {
      #expect(await ReverseName.find(of: try ip(client), table) == result, "\(client)")
    }
  }

  /// The tenth name counts, the eleventh is not looked at.
  @Test(arguments: [(9, true), (10, false)]) func looksAtSoManyNames(
    _ others: Int, _ isConfirmed: Bool
  ) async throws {
    let names = (0..<others).map { "n\($0).example" } + ["mx.example"]
    let table = try TableResolver([
      ("1.2.0.192.in-addr.arpa", .ptr, try pointers(names)),
      ("mx.example", .a, try addresses("192.0.2.1")),
    ])
    let result = await ReverseName.find(of: try ip("192.0.2.1"), table)
    #expect((result == .confirmed([try DNSName("mx.example")])) == isConfirmed)
    #expect(table.asked.count == 11)
  }

  @Test func anAddressOfVersionSixIsConfirmedByOne() async throws {
    let client = try ip("2001:db8::1")
    let reverse = try #require(DNSName(reverseOf: client))
    let table = try TableResolver([
      (reverse.text, .ptr, try pointers(["mx.example"])),
      ("mx.example", .aaaa, try addresses("2001:db8::1")),
    ])
    #expect(
      await ReverseName.find(of: client, table) == .confirmed([try DNSName("mx.example")]))
  }

  static let looks: [(String, String, Bool)] = [
    ("192-0-2-77.provider.example", "192.0.2.77", true),
    ("77.2.0.192.provider.example", "192.0.2.77", true),
    ("host192.0.2.77x.provider.example", "192.0.2.77", true),
    ("c000024d.provider.example", "192.0.2.77", true),
    ("p192000002077.provider.example", "192.0.2.77", true),
    ("192-0-2-78.provider.example", "192.0.2.77", false),
    ("adsl-12.provider.example", "192.0.2.77", true),
    ("x.dialup.provider.example", "192.0.2.77", true),
    ("dhcp7.provider.example", "192.0.2.77", true),
    ("mail.provider.example", "192.0.2.77", false),
    ("mx.cable.example", "192.0.2.77", false),
    ("carpool.provider.example", "192.0.2.77", false),
    ("20010db8000000000000000000000001.v6.provider.example", "2001:db8::1", true),
    ("2001-0db8-0000-0000-0000-0000-0000-0001.v6.provider.example", "2001:db8::1", true),
    ("mx6.provider.example", "2001:db8::1", false),
  ]

  @Test(arguments: looks) func looksDynamic(
    _ name: String, _ client: String, _ isDynamic: Bool
  ) throws {
    #expect(try DNSName(name).looksDynamic(for: try ip(client)) == isDynamic)
  }
}

struct MailHostsTests {
  static let kinds: [(String, AddressKind)] = [
    ("9.255.255.255", .global), ("10.0.0.0", .private), ("10.255.255.255", .private),
    ("11.0.0.0", .global), ("0.1.2.3", .unspecified), ("100.63.255.255", .global),
    ("100.64.0.0", .private), ("100.127.255.255", .private), ("100.128.0.0", .global),
    ("127.1.2.3", .loopback), ("169.254.1.1", .linkLocal), ("172.15.255.255", .global),
    ("172.16.0.0", .private), ("172.31.255.255", .private), ("172.32.0.0", .global),
    ("192.168.1.1", .private), ("192.0.2.1", .reserved), ("198.17.255.255", .global),
    ("198.18.0.0", .reserved), ("198.19.255.255", .reserved), ("198.20.0.0", .global),
    ("203.0.113.9", .reserved), ("224.0.0.1", .multicast), ("240.0.0.1", .reserved),
    ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback), ("::2", .global),
    ("fe80::1", .linkLocal), ("fec0::1", .private), ("fc00::1", .private), ("fdff::1", .private),
    ("fe00::1", .global), ("ff02::1", .multicast), ("2001:db8::1", .reserved),
    ("2001:db9::1", .global), ("2600::1", .global), ("::ffff:10.0.0.1", .private),
  ]

  @Test(arguments: kinds) func addressesHaveAKind(_ text: String, _ kind: AddressKind) throws {
    #expect(AddressKind(try ip(text)) == kind)
  }

  private static func hosts(_ names: [(UInt16, String)]) throws -> DNSAnswer {
    .records(
      try names.map { .mailExchange(preference: $0.0, host: .name(try DNSName($0.1))) },
      ttlSeconds: 60)
  }

  private static func table() throws -> TableResolver {
    try TableResolver([
      ("good.example", .mx, try hosts([(20, "mx2.example"), (10, "mx1.example")])),
      ("mx1.example", .a, try addresses("9.9.9.1")),
      ("mx1.example", .aaaa, try addresses("2600::1")),
      ("mx2.example", .a, try addresses("9.9.9.2")),
      ("null.example", .mx, .records([.mailExchange(preference: 0, host: .root)], ttlSeconds: 1)),
      (
        "odd.example", .mx, .records([.mailExchange(preference: 0, host: .unusable)], ttlSeconds: 1)
      ),
      ("inner.example", .mx, try hosts([(10, "mx1.example"), (20, "lan.example")])),
      ("lan.example", .a, try addresses("10.0.0.5")),
      ("lan.example", .aaaa, try addresses("fe80::5")),
      ("implicit.example", .mx, .none(.noRecords, ttlSeconds: 1)),
      ("implicit.example", .a, try addresses("9.9.9.3")),
      ("empty.example", .mx, .none(.noRecords, ttlSeconds: 1)),
      ("dangling.example", .mx, try hosts([(10, "gone.example")])),
      ("broken.example", .mx, .failed(.serverFailure)),
      ("half.example", .mx, try hosts([(10, "mx1.example"), (20, "slow.example")])),
      ("slow.example", .a, .failed(.timeout)),
      ("lost.example", .mx, try hosts([(10, "slow.example")])),
    ])
  }

  @Test func judgesWhereMailGoes() async throws {
    let table = try Self.table()
    let (mx1, lan) = (try DNSName("mx1.example"), try DNSName("lan.example"))
    let good = try ["9.9.9.1", "2600::1", "9.9.9.2"].map(ip)
    let inner = try ["9.9.9.1", "2600::1", "10.0.0.5", "fe80::5"].map(ip)
    let expected: [(String, MailHosts)] = [
      ("good.example", .found(good, faults: [], unknown: nil)),
      ("null.example", .found([], faults: [.nullMX], unknown: nil)),
      ("odd.example", .found([], faults: [.unusableHost], unknown: nil)),
      (
        "inner.example",
        .found(
          inner,
          faults: [.address(lan, inner[2], .private), .address(lan, inner[3], .linkLocal)],
          unknown: nil)
      ),
      ("implicit.example", .found([try ip("9.9.9.3")], faults: [], unknown: nil)),
      ("empty.example", .missing), ("dangling.example", .missing), ("none.example", .missing),
      ("broken.example", .failed(.serverFailure)),
      ("half.example", .found(Array(good[..<2]), faults: [], unknown: .timeout)),
      ("lost.example", .failed(.timeout)),
    ]
    for (domain, result) in expected {
      #expect(await MailHosts.find(of: try DNSName(domain), table) == result, "\(domain)")
    }
    let own = await MailHosts.find(
      of: try DNSName("good.example"), own: [try ip("9.9.9.1")], table)
    #expect(own.faults == [.own(mx1, try ip("9.9.9.1"))])
    #expect(own.contains(try ip("9.9.9.2")))
    #expect(!own.contains(try ip("9.9.9.4")))
  }

  /// The tenth host counts, the eleventh is not looked at.
  @Test(arguments: [(9, 1), (10, 0)]) func looksAtSoManyHosts(
    _ others: Int, _ faults: Int
  ) async throws {
    let names = (0..<others).map { (UInt16($0), "n\($0).example") } + [(99, "lan.example")]
    let table = try TableResolver([
      ("many.example", .mx, try Self.hosts(names.reversed())),
      ("n0.example", .a, try addresses("9.9.9.1")),
      ("lan.example", .a, try addresses("10.0.0.5")),
    ])
    let result = await MailHosts.find(of: try DNSName("many.example"), table)
    #expect(result.faults.count == faults)
    #expect(table.asked.count == 21)
  }
}
