// `virustest [MATCH] VALUE` (RFC 5235 §3.3): what a scanner before us has written into the header,
// from 0 for not tested and 1 for clean to 5 for infected. `settings` say which field.

import RuleBytecode

enum TestVirustest: TestCommand {
  static let signature = Signature(
    name: "virustest", availability: .capability("virustest"), tags: Signature.matchTags,
    positional: [.init("value", .string)], phases: QuerySource.virustest.info.phases,
    need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let plan = context.match(call, keys: 0) else { return nil }
    return CheckedTest(Query(.virustest, plan: plan), at: call.range)
  }
}
