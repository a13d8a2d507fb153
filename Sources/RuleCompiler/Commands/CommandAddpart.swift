// `addpart [:type T] [:name N] [:disposition D] [:first] TEXT;`: a new part at the end of the
// message, or before its content.

import RuleBytecode

enum CommandAddpart: ActionCommand {
  static let signature = Signature(
    name: "addpart", availability: .ours,
    tags: PartEdits.newPartTags + [TagSignature("first"), PartEdits.breakTag],
    positional: [.init("text", .string)], need: .message)
  static let action = Action.addpart

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.addpart)
    context.newPart(call, &action, text: 0)
    if call.has("first") { action.flags.insert(.first) }
    return context.planEdit(call, &action) ? action : nil
  }
}
