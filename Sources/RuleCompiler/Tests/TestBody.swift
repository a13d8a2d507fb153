// `body [MATCH] [:raw|:content TYPES|:text] KEYS` (RFC 5173): the content of the message.

import RuleBytecode

enum TestBody: TestCommand {
  static let signature = Signature(
    name: "body", availability: .capability("body"),
    tags: Signature.matchTags + [
      TagSignature("raw", group: "transform"),
      TagSignature("content", .strings, group: "transform"),
      TagSignature("text", group: "transform"),
    ],
    positional: [.init("keys", .strings)], phases: .from(.message), need: .message)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    // RFC 5173 §6: it leaves the match variables alone.
    let captures = context.captures
    let plan = context.match(call, keys: 0)
    context.captures = captures
    guard var plan else { return nil }
    plan.number = nil
    var query = Query(.body, plan: plan)
    query.detail = transform(of: call).rawValue
    for literal in call.tag("content")?.value?.strings ?? [] {
      guard let type = context.constant(literal, ":content", of: "body") else { return nil }
      query.names.append(type)
    }
    let failures = Failures(.limit, of: "body", at: call.name.range, isAnswered: false)
    return CheckedTest(
      query, at: call.range, failures: transform(of: call) == .raw ? .none : failures)
  }

  private static func transform(of call: Call) -> BodyTransform {
    BodyTransform.allCases.first { call.has($0.name) } ?? .text
  }
}
