// `environment [MATCH] ITEM KEYS` (RFC 5183): what the machine knows of itself and of the session.

import RuleBytecode

enum TestEnvironment: TestCommand {
  static let signature = Signature(
    name: "environment", availability: .capability("environment"), tags: Signature.matchTags,
    positional: [.init("item", .string), .init("keys", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let item = item(call, &context)
    let plan = context.match(call, keys: 1)
    guard let item, let plan else { return nil }
    var query = Query(.environment, plan: plan)
    query.detail = item.rawValue
    return CheckedTest(query, at: call.range)
  }

  /// In plain Sieve an item that nobody knows is one that matches nothing (RFC 5183 §4).
  private static func item(_ call: Call, _ context: inout CheckContext) -> EnvironmentItem? {
    guard let literal = call.string(0),
      let text = context.constant(literal, "item", of: "environment")
    else { return nil }
    let items = EnvironmentItem.allCases.filter { $0 != .unknown }
    if let item = items.first(where: { $0.name == text.lowercasedASCII }) { return item }
    guard context.file.isPolicy else { return .unknown }
    let known = items.map(\.name)
    let nearest = context.nearest(to: text, among: known)
    context.report(
      .name(.unknownValue(text, of: "environment", nearest: nearest, known: known)),
      at: literal.range)
    return nil
  }
}
