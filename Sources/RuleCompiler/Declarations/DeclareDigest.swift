// `digest :every SECONDS :to "recipient"|ADDRESS "name";`: regular mail that lists what is held,
// with one-time commands to release it.

import RuleBytecode

enum DeclareDigest: DeclarationCommand {
  static let signature = Signature(
    name: "digest", availability: .ours,
    tags: [TagSignature("every", .number), TagSignature("to", .string)],
    positional: [.init("name", .string)])
  static let role = DeclarationRole.digest
  static let kind: DeclarationKind? = .digest

  /// A quarter of an hour to a month.
  static let everySeconds = 900...2_678_400

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    for tag in ["every", "to"] where !call.has(tag) {
      context.report(
        .argument(.missing(":" + tag, expected: .tag, of: "digest")), at: call.name.range)
      return nil
    }
    guard let every = context.number(call, "every", in: everySeconds),
      let literal = call.tag("to")?.string, let to = context.constant(call, "to")
    else { return nil }
    guard to == "recipient" || Literals.isAddress(to) else {
      context.report(.literal(.address(to)), at: literal.range)
      return nil
    }
    return [DeclaredValue("every", String(every)), DeclaredValue("to", to)]
  }
}
