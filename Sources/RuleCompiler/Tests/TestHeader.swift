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
    return CheckedTest(Code(opcode: .matchHeader, names: names, plan: plan), at: call.range)
  }

  struct Code: TestCode {
    let opcode: Opcode
    let names: [String]
    let plan: MatchPlan

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let names = Int(out.pool.names(names))
      let spec = out.spec(plan)
      out.emit(opcode, a: target, b: names, c: spec)
    }
  }
}
