// `header [MATCH] NAMES KEYS` (RFC 5228 §5.7): the decoded value of any field of these names.

import RuleBytecode

enum TestHeader: TestCommand {
  static let signature = Signature(
    name: "header", tags: Signature.matchTags,
    positional: [.init("header names", .strings), .init("keys", .strings)],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = context.headerNames(call, 0)
    let plan = context.match(call, keys: 1)
    guard let names, let plan else { return nil }
    var query = Query(.header, plan: plan)
    query.names = names
    return CheckedTest(query, at: call.range)
  }
}
