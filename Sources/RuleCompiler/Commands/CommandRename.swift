// `rename [:break_signature] NAME;`: the file name of this part.

import RuleBytecode

enum CommandRename: ActionCommand {
  static let signature = Signature(
    name: "rename", availability: .ours, tags: [PartEdits.breakTag],
    positional: [.init("name", .string)], need: .part)
  static let action = Action.rename

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    let name = context.headerValue(literal)
    guard var action = PartEdits.bare(.rename, call, &context) else { return nil }
    if name.constant == "" {
      context.report(.argument(.emptyValue("name", of: "rename")), at: literal.range)
    }
    action.set("name", name)
    return action
  }
}
