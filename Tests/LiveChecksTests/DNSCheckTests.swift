// What the checks by DNS answer, over a table: one line each.
import Foundation
import Resolver
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

/// The checks over one resolver, as `LiveDesk.make` puts them together.
struct DNSChecks {
  let resolver: any Resolving
  let services = LiveServices(.init(stateDirectory: "/nonexistent"))

  func answer(_ request: CheckRequest) async throws -> CheckAnswer {
    try await check(request.kind).answer(request)
  }

  private func check(_ kind: CheckKind) throws -> any LiveCheck {
    switch kind {
    case .dnsbl, .hashbl: ListLookup(resolver, wantsText: false)
    case .rdns: ReverseNameLookup(resolver)
    case .mx: MailHostLookup(resolver)
    case .spf: SenderPolicyLookup(resolver, services)
    case .dkim: SignatureLookup(resolver, services)
    case .arc: ChainLookup(resolver, services)
    default: try DomainPolicyLookup(resolver, services, Self.suffixes)
    }
  }

  static let suffixes = FileManager.default.contents(atPath: PublicSuffixList.standardPath)
    .flatMap { PublicSuffixList(Array($0)) }
}

struct DNSCheckTests {
  private static let zone = [
    "1.2.0.192.bl.example A 127.0.0.4", "1.2.0.192.bl.example A 127.0.0.2",
    "bad.example.domains.example A 127.0.1.2",
    // printf abc | sha256sum | xxd -r -p | base32
    "xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq.hashes.example A 127.0.0.2",
    // printf abc | sha1sum; md5sum
    "a9993e364706816aba3e25717850c26c9cd0d89d.hashes.example A 127.0.0.3",
    "900150983cd24fb0d6963f7d28e17f72.hashes.example A 127.0.0.4",
    "plain-key.hashes.example A 127.0.0.5",
    "broken.hashes.example fails", "9.2.0.192.bl.example fails",
    "1.2.0.192.in-addr.arpa PTR mx.example.org", "mx.example.org A 192.0.2.1",
    "2.2.0.192.in-addr.arpa PTR mx.example.org",
    "77.2.0.192.in-addr.arpa PTR p77-dsl.pool.provider.example",
    "p77-dsl.pool.provider.example A 192.0.2.77",
    "3.2.0.192.in-addr.arpa fails", "4.2.0.192.in-addr.arpa PTR lost.example.org",
    "lost.example.org fails",
    "example.org MX mx9.example.org", "mx9.example.org A 198.18.0.1",
    "good.example MX mx.good.example", "mx.good.example A 9.9.9.9",
    "private.example MX mx.private.example", "mx.private.example A 10.0.0.1",
    "loop.example MX mx.loop.example", "mx.loop.example AAAA ::1",
    "null.example MX .", "alone.example A 9.9.9.9",
    "half.example MX mx.good.example", "half.example MX lost.example.org",
    "half-bad.example MX mx.private.example", "half-bad.example MX lost.example.org",
    "nobody.example TXT nothing", "down.example fails",
    "pass.example TXT v=spf1 ip4:192.0.2.0/24 -all",
    "soft.example TXT v=spf1 ~all", "neutral.example TXT v=spf1 ?all",
    "wrong.example TXT v=spf1 what:ever -all",
    "include.example TXT v=spf1 include:down.example -all",
    "xn--bcher-kva.example TXT v=spf1 ip4:192.0.2.1 -all",
    "where.example TXT v=spf1 exists:%{i}.e.example -all", "192.0.2.1.e.example A 127.0.0.2",
  ]

  static let rows: [(CheckKind, [String], CheckAnswer)] = [
    (.dnsbl, ["bl.example", "192.0.2.1"], .values(["127.0.0.4", "127.0.0.2"])),
    (.dnsbl, ["bl.example", "192.0.2.2"], .values([])),
    (.dnsbl, ["bl.example", "192.0.2.9"], .failed(.dns, reason: "SERVFAIL")),
    (.dnsbl, ["domains.example", "BAD.example"], .values(["127.0.1.2"])),
    (.dnsbl, ["domains.example", "not a name"], .values([])),
    (.hashbl, ["hashes.example", "sha256", "abc"], .values(["127.0.0.2"])),
    (.hashbl, ["hashes.example", "sha1", "abc"], .values(["127.0.0.3"])),
    (.hashbl, ["hashes.example", "md5", "abc"], .values(["127.0.0.4"])),
    (.hashbl, ["hashes.example", "none", "plain-key"], .values(["127.0.0.5"])),
    // The digits of `${part.sha256}`, in either case.
    (
      .hashbl,
      [
        "hashes.example", "none",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      ], .values(["127.0.0.2"])
    ),
    (
      .hashbl,
      [
        "hashes.example", "none",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
      ], .values(["127.0.0.2"])
    ),
    (.hashbl, ["hashes.example", "sha256", "ABC"], .values([])),
    (.hashbl, ["hashes.example", "none", "no name"], .values([])),
    (.hashbl, ["hashes.example", "none", "broken"], .failed(.dns, reason: "SERVFAIL")),
    (.rdns, ["192.0.2.1"], names("yes", "no", "mx.example.org")),
    (.rdns, ["192.0.2.2"], names("no", "no", "mx.example.org")),
    (.rdns, ["192.0.2.77"], names("yes", "yes", "p77-dsl.pool.provider.example")),
    (.rdns, ["192.0.2.3"], .failed(.dns, reason: "SERVFAIL")),
    (.rdns, ["192.0.2.4"], .failed(.dns, reason: "SERVFAIL")),
    (.rdns, ["192.0.2.5"], names("no", "no", "")),
    (.rdns, ["2001:db8::1"], names("no", "no", "")),
    (.mx, ["good.example", "9.9.9.9"], .values(["client"])),
    (.mx, ["good.example", "9.9.9.8"], .values(["ok"])),
    (.mx, ["good.example", ""], .values(["ok"])),
    (.mx, ["good.example", "192.0.2.1", "9.9.9.9"], .values(["bogus"])),
    (.mx, ["alone.example", "192.0.2.1"], .values(["ok"])),
    (.mx, ["private.example", "10.0.0.1"], .values(["bogus", "client"])),
    (.mx, ["loop.example", ""], .values(["bogus"])),
    (.mx, ["example.org", ""], .values(["bogus"])),
    (.mx, ["null.example", ""], .values(["bogus"])),
    (.mx, ["nobody.example", ""], .values(["missing"])),
    (.mx, ["nowhere.example", ""], .values(["missing"])),
    (.mx, ["no name", ""], .values(["missing"])),
    (.mx, ["down.example", ""], .failed(.dns, reason: "SERVFAIL")),
    (.mx, ["half.example", ""], .values(["unknown SERVFAIL"])),
    (.mx, ["half-bad.example", ""], .values(["bogus", "unknown SERVFAIL"])),
    (.spf, ["192.0.2.1", "ann@pass.example", "x"], word("pass")),
    (.spf, ["198.51.100.1", "ann@pass.example", "x"], word("fail")),
    (.spf, ["2001:db8::1", "ann@pass.example", "x"], word("fail")),
    (.spf, ["192.0.2.1", "", "pass.example"], word("pass")),
    (.spf, ["192.0.2.1", "ann@soft.example", "x"], word("softfail")),
    (.spf, ["192.0.2.1", "ann@neutral.example", "x"], word("neutral")),
    (.spf, ["192.0.2.1", "ann@nobody.example", "x"], word("none")),
    (.spf, ["192.0.2.1", "ann@[192.0.2.1]", "x"], word("none")),
    (.spf, ["192.0.2.1", "ann@wrong.example", "x"], word("permerror")),
    (.spf, ["192.0.2.1", "ann@B\u{fc}cher.example", "x"], word("pass")),
    (.spf, ["192.0.2.1", "ann@where.example", "x"], word("pass")),
    (.spf, ["", "ann@pass.example", "x"], word("none")),
    (
      .spf, ["192.0.2.1", "ann@down.example", "x"],
      .failed(.dns, reason: "no answer about down.example (txt): SERVFAIL")
    ),
    (
      .spf, ["192.0.2.1", "ann@include.example", "x"],
      .failed(.dns, reason: "no answer about down.example (txt): SERVFAIL")
    ),
  ]

  private static func names(
    _ confirmed: String, _ dynamic: String, _ name: String
  ) -> CheckAnswer {
    .fields(["confirmed": confirmed, "dynamic": dynamic, "name": name])
  }

  private static func word(_ word: String) -> CheckAnswer { .fields(["result": word]) }

  @Test(arguments: rows) func answers(
    _ kind: CheckKind, _ arguments: [String], _ expected: CheckAnswer
  ) async throws {
    let checks = DNSChecks(resolver: try TableResolver(Self.zone))
    #expect(try await checks.answer(request(kind, arguments)) == expected)
  }

  @Test func aListSaysWhyOnlyWhereItIsRead() async throws {
    let resolver = try TableResolver(Self.zone + ["1.2.0.192.bl.example TXT see bl.example"])
    let asked = request(.dnsbl, ["bl.example", "192.0.2.1"])
    #expect(
      await ListLookup(resolver, wantsText: true).answer(asked)
        == .fields(["codes": "127.0.0.4 127.0.0.2", "text": "see bl.example"]))
    #expect(resolver.asked.count == 2)
  }
}
