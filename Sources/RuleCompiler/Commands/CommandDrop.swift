// `drop [:break_signature];`: this part is taken out of the message.

import RuleBytecode

enum CommandDrop: ActionCommand {
  static let signature = Signature(
    name: "drop", availability: .ours, tags: [PartEdits.breakTag], need: .part)
  static let action = Action.drop

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    PartEdits.bare(.drop, call, &context)
  }
}
