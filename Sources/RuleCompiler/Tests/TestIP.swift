// `ip "client"|"server"|"direct" KEYS`: an address in networks and tables of type cidr. What the
// policy itself holds is joined into one sorted set.

import RuleBytecode
import TableText

enum TestIP: TestCommand {
  static let signature = Signature(
    name: "ip", availability: .ours,
    positional: [.init("side", .string), .init("addresses", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let side = side(call, &context)
    var ranges: [AddressRange] = []
    var files: [Table] = []
    var seen: Set<AddressRange> = []
    for literal in call.strings(1) {
      guard let text = context.constant(literal, "addresses", of: "ip") else { continue }
      if text.hasPrefix("table:") {
        let name = String(text.dropFirst("table:".count))
        guard let table = context.table(name, at: literal.range, of: [.cidr]) else { continue }
        if table.source == .inline { ranges += table.networks } else { files.append(table) }
      } else if let range = context.network(text, at: literal.range) {
        if !seen.insert(range).inserted {
          context.report(.flow(.duplicateKey(text)), at: literal.range)
        }
        ranges.append(range)
      }
    }
    guard let side else { return nil }
    var query = Query(.ip)
    query.detail = side.rawValue
    query.plan = MatchPlan()
    query.plan?.type = .list
    query.plan?.ranges = AddressRange.merged(ranges)
    query.plan?.tables = files
    return CheckedTest(query, at: call.range)
  }

  private static func side(_ call: Call, _ context: inout CheckContext) -> IPSide? {
    guard let literal = call.string(0), let text = context.constant(literal, "side", of: "ip")
    else { return nil }
    if let side = IPSide.allCases.first(where: { $0.name == text }) { return side }
    let known = IPSide.allCases.map(\.name)
    let nearest = context.nearest(to: text, among: known)
    context.report(
      .name(.unknownValue(text, of: "ip", nearest: nearest, known: known)), at: literal.range)
    return nil
  }
}

extension CheckContext {
  /// An address or network of the policy.
  mutating func network(_ text: String, at range: SourceRange) -> AddressRange? {
    switch AddressRange.read(text) {
    case .range(let found): return found
    case .hostBits(let found, let network):
      report(.literal(.networkHostBits(text, network: network)), at: range)
      return found
    case .badAddress: report(.literal(.ipAddress(text)), at: range)
    case .badNetwork: report(.literal(.network(text)), at: range)
    }
    return nil
  }
}
