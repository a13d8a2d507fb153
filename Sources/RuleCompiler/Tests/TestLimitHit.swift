// `limit_hit [NAMES]`: the message has hit one of these caps on what is read of it, or any at all.
// Its rules run then only where `on_error :limit "continue"` says so.

import RuleBytecode

enum TestLimitHit: TestCommand {
  static let signature = Signature(
    name: "limit_hit", availability: .ours,
    positional: [.init("names", .strings, optional: true)],
    phases: QuerySource.limitHit.info.phases, need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var query = Query(.limitHit)
    if call.positional[0] != nil {
      let known = LimitName.allCases.filter(\.isOfMessage).map(\.name)
      guard let names = context.words(call.strings(0), "limit", of: "limit_hit", among: known)
      else { return nil }
      query.names = names
    }
    return CheckedTest(query, at: call.range)
  }
}
