// `save_copy :store S;`: the message as it came goes into a store; its fate does not change.

import RuleBytecode

enum CommandSaveCopy: ActionCommand {
  static let signature = Signature(
    name: "save_copy", availability: .ours, tags: [TagSignature("store", .string)],
    need: .message)
  static let action = Action.saveCopy

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let store = context.required(.store, "store", call) else { return nil }
    var action = PlannedAction(.saveCopy)
    action.errandPolicy = context.answers.policy
    action.set("store", TextValue(store))
    return action
  }
}

extension CheckContext {
  /// The declared name that stands behind a tag which must be there.
  mutating func required(_ kind: DeclarationKind, _ tag: String, _ call: Call) -> String? {
    guard let literal = call.tag(tag)?.string else {
      report(
        .argument(.missing(":" + tag, expected: .tag, of: call.name.text)), at: call.name.range)
      return nil
    }
    return declared(kind, literal, ":" + tag, of: call.name.text)?.name
  }
}
