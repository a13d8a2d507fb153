// `compress [:break_signature] [NAME];`: this part becomes a zip archive that holds it.

import RuleBytecode

enum CommandCompress: ActionCommand {
  static let signature = Signature(
    name: "compress", availability: .ours, tags: [PartEdits.breakTag],
    positional: [.init("name", .string, optional: true)], need: .part)
  static let action = Action.compress

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard var action = PartEdits.bare(.compress, call, &context) else { return nil }
    if let literal = call.string(0) { action.set("name", context.headerValue(literal)) }
    return action
  }
}
