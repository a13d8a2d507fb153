// `currentdate [MATCH] [:zone Z] PART KEYS` (RFC 5260 §5): part of the time at which this run
// began.

import RuleBytecode

enum TestCurrentdate: TestCommand {
  static let signature = Signature(
    name: "currentdate", availability: .capability("date"),
    tags: Signature.matchTags + [TagSignature("zone", .string)],
    positional: [.init("date part", .string), .init("keys", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let part = context.datePart(call, 0)
    let zone = context.zone(of: call)
    let plan = context.match(call, keys: 1)
    guard let part, let plan else { return nil }
    var query = Query(.currentDate, plan: plan)
    query.detail = part.rawValue
    query.word = zone
    return CheckedTest(query, at: call.range)
  }
}
