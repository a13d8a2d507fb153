// `addrcpt ADDRESS;`: one more recipient. It gets no run of its own.

import RuleBytecode

enum CommandAddrcpt: ActionCommand {
  static let signature = Signature(
    name: "addrcpt", availability: .ours, positional: [.init("address", .string)], need: .message)
  static let action = Action.addrcpt

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    call.string(0).map { literal in
      var action = PlannedAction(.addrcpt)
      action.set("address", context.address(literal))
      return action
    }
  }
}
