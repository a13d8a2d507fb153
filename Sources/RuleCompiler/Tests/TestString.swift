// `string [MATCH] SOURCES KEYS` (RFC 5229 §5): texts with variables and facts.

import RuleBytecode

enum TestString: TestCommand {
  static let signature = Signature(
    name: "string", availability: .capability("variables"), tags: Signature.matchTags,
    positional: [.init("texts", .strings), .init("keys", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let sources = call.strings(0).map { context.text($0) }
    let bare = context.checkBareFacts(call.strings(0))
    guard let plan = context.match(call, keys: 1) else { return nil }
    var query = Query(.text, plan: plan)
    query.texts = sources
    return CheckedTest(
      query, at: call.range, constant: bare ? nil : constant(sources, plan))
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
}
