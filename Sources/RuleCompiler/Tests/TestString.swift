// `string [MATCH] SOURCES KEYS` (RFC 5229 §5): texts with variables and facts.

import RuleBytecode

enum TestString: TestCommand {
  static let signature = Signature(
    name: "string", availability: .capability("variables"), tags: Signature.matchTags,
    positional: [.init("texts", .strings), .init("keys", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let sources = call.strings(0).map { context.text($0) }
    guard let plan = context.match(call, keys: 1) else { return nil }
    return CheckedTest(
      Code(sources: sources, plan: plan), at: call.range, constant: constant(sources, plan))
  }

  /// The outcome where neither side depends on the mail; only for the plainest comparison.
  private static func constant(_ sources: [TextValue], _ plan: MatchPlan) -> Bool? {
    let texts = sources.compactMap(\.constant)
    guard plan.type == .is, plan.builtKeys.isEmpty, texts.count == sources.count else {
      return nil
    }
    let folded = plan.comparator == .octet ? texts : texts.map(\.lowercasedASCII)
    return folded.contains { plan.constantKeys.contains($0) }
  }

  struct Code: TestCode {
    let sources: [TextValue]
    let plan: MatchPlan

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let spec = out.spec(plan)
      let end = out.label()
      for (index, source) in sources.enumerated() {
        let text = out.text(source)
        out.emit(.matchText, a: target, b: Int(text), c: spec)
        if index < sources.count - 1 { out.jump(.jumpIfTrue, a: target, to: end) }
      }
      out.bind(end)
    }
  }
}
