// `on_mixed :reject FATE :tempfail FATE;`: what becomes of recipients that are refused at the end
// of a message that others get; SMTP has one answer for all of them.

import RuleBytecode

enum DeclareOnMixed: DeclarationCommand {
  static let signature = Signature(
    name: "on_mixed", availability: .ours,
    tags: [TagSignature("reject", .string), TagSignature("tempfail", .string)])
  static let role = DeclarationRole.onMixed

  static let fates: [(tag: String, known: [String])] = [
    ("reject", ["quarantine", "discard", "notify", "deliver"]),
    ("tempfail", ["deliver", "quarantine"]),
  ]

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing(":reject or :tempfail", expected: .tag, of: "on_mixed")),
        at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    for (tag, known) in fates where call.has(tag) {
      guard let word = context.word(call, tag, known) else { return nil }
      values.append(DeclaredValue(tag, word))
    }
    return values
  }
}
