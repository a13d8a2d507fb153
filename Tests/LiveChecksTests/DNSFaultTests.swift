// Each fault that a name server can have, for each check and each name that it asks: the answer, or
// a failure of class `:dns` that says why. Never a third.
import MailLab
import Resolver
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct DNSFaultTests {
  /// A check, one of the names that it asks, and its answer when all is well.
  struct Subject: Sendable, CustomTestStringConvertible {
    let kind: CheckKind
    let name: String
    var arguments: [String] = []
    let good: CheckAnswer

    var testDescription: String { "\(kind.name) asks \(name)" }
  }

  static let subjects = [
    Subject(
      kind: .dnsbl, name: "1.2.0.192.bl.example", arguments: ["bl.example", "192.0.2.1"],
      good: .values(["127.0.0.2"])),
    Subject(
      kind: .hashbl, name: "key.hashes.example", arguments: ["hashes.example", "none", "key"],
      good: .values(["127.0.0.3"])),
    Subject(kind: .rdns, name: "1.2.0.192.in-addr.arpa", arguments: ["192.0.2.1"], good: named),
    Subject(kind: .rdns, name: "mx.example.org", arguments: ["192.0.2.1"], good: named),
    Subject(
      kind: .mx, name: "example.org", arguments: ["example.org", ""], good: .values(["bogus"])),
    Subject(kind: .mx, name: "far.example", arguments: ["far.example", ""], good: .values(["ok"])),
    Subject(
      kind: .spf, name: "example.org", arguments: ["192.0.2.1", "ann@example.org", "x"],
      good: .fields(["result": "pass"])),
    Subject(
      kind: .spf, name: "spf.example.org", arguments: ["192.0.2.1", "ann@example.org", "x"],
      good: .fields(["result": "pass"])),
    Subject(
      kind: .dkim, name: "s._domainkey.example.org", good: .values(["pass example.org s"])),
    Subject(
      kind: .arc, name: "s._domainkey.example.org",
      good: .fields(["result": "pass", "sealer": "example.org"])),
    Subject(
      kind: .dmarc, name: "_dmarc.example.org", arguments: ["example.org"],
      good: .fields(["result": "pass", "policy": "reject"])),
  ]

  private static let named = CheckAnswer.fields([
    "confirmed": "yes", "dynamic": "no", "name": "mx.example.org",
  ])

  static let harmless: [DNSZone.Fault] = [.slow(milliseconds: 20), .truncated]

  static let harmful: [DNSZone.Fault] = [
    .silent, .garbage, .wrongID, .alwaysTruncated, .cut, .code(1), .code(2), .code(4), .code(5),
    .code(9),
  ]

  private static var zone: DNSZone {
    var zone = DNSZone()
    zone.add("1.2.0.192.bl.example", .a(127, 0, 0, 2))
    zone.add("key.hashes.example", .a(127, 0, 0, 3))
    zone.add("1.2.0.192.in-addr.arpa", .ptr("mx.example.org"))
    zone.add("mx.example.org", .a(192, 0, 2, 1))
    zone.add(
      "example.org", .mx(10, "mx.example.org"), .txt(["v=spf1 include:spf.example.org -all"]))
    zone.add("spf.example.org", .txt(["v=spf1 ip4:192.0.2.1 -all"]))
    zone.add("far.example", .mx(10, "mx.far.example"))
    zone.add("mx.far.example", .a(9, 9, 9, 9))
    zone.add("s._domainkey.example.org", .txt([SignedMail.keyRecord]))
    zone.add("_dmarc.example.org", .txt(["v=DMARC1; p=reject"]))
    return zone
  }

  private func answer(
    _ subject: Subject, _ fault: DNSZone.Fault?, attemptMilliseconds: Int
  ) async throws -> CheckAnswer {
    var zone = Self.zone
    zone.fail(subject.name, fault)
    let server = try DNSServer(zone)
    defer { server.stop() }
    var limits = ResolverLimits()
    limits.attemptMilliseconds = attemptMilliseconds
    limits.attempts = 1
    let resolver = try DNSResolver(servers: [server.address], limits: limits)
    defer { resolver.stop() }
    let checks = DNSChecks(resolver: resolver)
    let signed = try SignedMail.signed(SignedMail.plain(), by: "example.org")
    let message = try SignedMail.sealed(signed, by: "example.org")
    return try await checks.answer(
      request(
        subject.kind, subject.arguments, message: message,
        mail: description(client: "192.0.2.1", sender: "ann@example.org")))
  }

  @Test(arguments: subjects, harmless) func someFaultsAreNone(
    _ subject: Subject, _ fault: DNSZone.Fault
  ) async throws {
    let answer = try await answer(subject, fault, attemptMilliseconds: 30_000)
    #expect(answer == subject.good, "\(fault)")
  }

  @Test(arguments: subjects, harmful) func otherFaultsAreFailures(
    _ subject: Subject, _ fault: DNSZone.Fault
  ) async throws {
    let answer = try await answer(subject, fault, attemptMilliseconds: 100)
    // One of several signatures may still be good; whoever reads them looks for the best.
    if subject.kind == .dkim {
      guard case .values(let lines) = answer, lines.count == 1 else {
        Issue.record("\(fault): \(answer)")
        return
      }
      #expect(lines[0].hasPrefix("temperror example.org s key unavailable ("), "\(fault)")
    } else {
      guard case .failed(.dns, let reason) = answer else {
        Issue.record("\(fault): \(answer)")
        return
      }
      #expect(!reason.isEmpty)
    }
  }
}
