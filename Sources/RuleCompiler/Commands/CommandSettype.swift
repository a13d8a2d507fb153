// `settype [:break_signature] TYPE;`: the media type that this part says it has.

import RuleBytecode

enum CommandSettype: ActionCommand {
  static let signature = Signature(
    name: "settype", availability: .ours, tags: [PartEdits.breakTag],
    positional: [.init("type", .string)], need: .part)
  static let action = Action.settype

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0),
      let type = context.constant(literal, "type", of: "settype"),
      var action = PartEdits.bare(.settype, call, &context)
    else { return nil }
    if !Literals.isMediaType(type) { context.report(.literal(.mediaType(type)), at: literal.range) }
    action.set("type", TextValue(type))
    return action
  }
}
