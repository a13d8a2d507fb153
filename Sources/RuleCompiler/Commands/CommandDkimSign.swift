// `dkim_sign :domain D :selector S :key K;`: a DKIM signature (RFC 6376) over what will be
// delivered.

import RuleBytecode

enum CommandDkimSign: ActionCommand {
  static let signature = Signature(
    name: "dkim_sign", availability: .ours,
    tags: ["domain", "selector", "key"].map { TagSignature($0, .string) }, need: .message)
  static let action = Action.dkimSign

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.dkimSign)
    action.errandPolicy = context.answers.policy
    guard context.signing(call, &action) else { return nil }
    return context.planEdit(call, &action) ? action : nil
  }
}

extension CheckContext {
  /// `:domain`, `:selector` and `:key` of a signature; all three must be there.
  mutating func signing(_ call: Call, _ action: inout PlannedAction) -> Bool {
    let name = call.name.text
    var isWhole = true
    for tag in ["domain", "selector"] {
      guard let literal = call.tag(tag)?.string else {
        report(.argument(.missing(":" + tag, expected: .tag, of: name)), at: call.name.range)
        return false
      }
      guard let text = constant(literal, ":" + tag, of: name) else { return false }
      if !Literals.isDomain(text) {
        report(.literal(.domain(text)), at: literal.range)
        isWhole = false
      }
      action.set(tag, TextValue(text))
    }
    guard let key = required(.key, "key", call) else { return false }
    action.set("key", TextValue(key))
    return isWhole
  }
}
