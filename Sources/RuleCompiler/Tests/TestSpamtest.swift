// `spamtest [:percent] [MATCH] VALUE` (RFC 5235 §3.2): what a filter before us has written into the
// header, from 0 for not tested and 1 for clean to 10 for spam. `settings` say which field.

import RuleBytecode

enum TestSpamtest: TestCommand {
  static let signature = Signature(
    name: "spamtest",
    tags: Signature.matchTags + [TagSignature("percent", needs: "spamtestplus")],
    positional: [.init("value", .string)], phases: QuerySource.spamtest.info.phases, need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    // Either of the two brings it (RFC 5235 §2.3).
    if !context.file.capabilities.contains("spamtestplus") {
      context.demand(.capability("spamtest"), for: "spamtest", at: call.name.range)
    }
    guard let plan = context.match(call, keys: 0) else { return nil }
    var query = Query(.spamtest, plan: plan)
    query.detail = call.has("percent") ? 1 : 0
    return CheckedTest(query, at: call.range)
  }
}
