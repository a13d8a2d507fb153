// `replace_with_file [:type T] [:name N] FILE;`: this part becomes what is in a file of the
// policy's.

import RuleBytecode

enum CommandReplaceWithFile: ActionCommand {
  static let signature = Signature(
    name: "replace_with_file", availability: .ours,
    tags: [TagSignature("type", .string), TagSignature("name", .string), PartEdits.breakTag],
    positional: [.init("file", .string)], need: .part)
  static let action = Action.replaceWithFile

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0),
      let path = context.path(literal, "file", of: "replace_with_file")
    else { return nil }
    var action = PlannedAction(.replaceWithFile)
    context.newPart(call, &action, text: nil)
    action.set("file", TextValue(path))
    return context.planEdit(call, &action) ? action : nil
  }
}
