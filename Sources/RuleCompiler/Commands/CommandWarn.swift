// `warn [:break_signature] TEXT;`: a warning that the reader of the message sees.

import RuleBytecode

enum CommandWarn: ActionCommand {
  static let signature = Signature(
    name: "warn", availability: .ours, tags: [PartEdits.breakTag],
    positional: [.init("text", .string)], need: .part)
  static let action = Action.warn

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    let text = context.text(literal)
    guard var action = PartEdits.bare(.warn, call, &context) else { return nil }
    action.set("text", text)
    return action
  }
}
