// `hold [REASON];`: the mail server's queue keeps the message; the rules go on.

import RuleBytecode

enum CommandHold: ActionCommand {
  static let signature = Signature(
    name: "hold", availability: .ours, positional: [.init("reason", .string, optional: true)],
    need: .message)
  static let action = Action.hold

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.hold)
    if let literal = call.string(0) { action.set("reason", context.text(literal)) }
    return action
  }
}
