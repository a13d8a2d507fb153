// `dnsbl [:hits n] [:code LIST] [:domain D] ZONES`: that many of the zones list the client's
// address, or the domain (RFC 5782).

import RuleBytecode
import TableText

enum TestDnsbl: TestCommand {
  static let signature = Signature(
    name: "dnsbl", availability: .ours,
    tags: [
      TagSignature("hits", .number), TagSignature("code", .strings),
      TagSignature("domain", .string),
    ] + Signature.outsideTags,
    positional: [.init("zones", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.dnsbl, call)
    check.constants = context.zones(call.strings(0), of: "dnsbl")
    if let literal = call.tag("domain")?.string { check.texts = [context.text(literal)] }
    let most = min(255, max(1, call.strings(0).count))
    check.aspect = UInt8(context.number("hits", of: call, in: 1...most, default: 1))
    if let codes = call.tag("code")?.value?.strings {
      guard let plan = context.listCodes(codes, of: "dnsbl") else { return nil }
      check.plan = plan
    }
    return CheckedTest(check, at: call.range, failures: failures)
  }
}

extension CheckContext {
  /// Zones of lists: domains, each once.
  mutating func zones(_ literals: [StringLiteral], of test: String) -> [String] {
    var zones: [String] = []
    var seen: Set<String> = []
    for literal in literals {
      guard let zone = constant(literal, "zones", of: test) else { continue }
      if !Literals.isDomain(zone) {
        report(.literal(.domain(zone)), at: literal.range)
      } else if !seen.insert(zone.lowercasedASCII).inserted {
        report(.flow(.duplicateKey(zone)), at: literal.range)
      } else {
        zones.append(zone.lowercasedASCII)
      }
    }
    return zones
  }

  /// The answers that count, as addresses and networks.
  mutating func listCodes(_ literals: [StringLiteral], of test: String) -> MatchPlan? {
    var ranges: [AddressRange] = []
    for literal in literals {
      guard let text = constant(literal, ":code", of: test),
        let range = network(text, at: literal.range)
      else { continue }
      if ranges.contains(range) { report(.flow(.duplicateKey(text)), at: literal.range) }
      ranges.append(range)
    }
    guard !ranges.isEmpty else { return nil }
    var plan = MatchPlan()
    plan.type = .list
    plan.ranges = AddressRange.merged(ranges)
    return plan
  }
}
