// `keep;`: in a policy this part stays as it came, whatever was ordered for it before; in a plain
// Sieve script the message is kept (RFC 5228 §4.3).

import RuleBytecode

enum CommandKeep: ActionCommand {
  static let signature = Signature(name: "keep", availability: .base, need: .part)
  static let action = Action.keep

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.keep)
    guard context.file.isPolicy else {
      action.flags = .plain
      return action
    }
    guard context.isPartHere("keep", at: call.name.range) else { return nil }
    action.loop = context.partLoop
    return context.planEdit(call, &action) ? action : nil
  }
}
