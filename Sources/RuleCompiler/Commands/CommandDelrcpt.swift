// `delrcpt ADDRESS;`: one recipient less. With none left the message is discarded.

import RuleBytecode

enum CommandDelrcpt: ActionCommand {
  static let signature = Signature(
    name: "delrcpt", availability: .ours, positional: [.init("address", .string)], need: .message)
  static let action = Action.delrcpt

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    call.string(0).map { literal in
      var action = PlannedAction(.delrcpt)
      action.set("address", context.address(literal))
      return action
    }
  }
}
