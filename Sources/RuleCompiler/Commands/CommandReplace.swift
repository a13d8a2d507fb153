// `replace [:alternatives] [:type T] [:name N] [:disposition D] TEXT;`: this part becomes a text.
// With `:mime` the text is a whole part with its header (RFC 5703 §5), `:subject` and `:from` are
// of the message then. With `:alternatives` the other branches of its multipart/alternative go.

import RuleBytecode

enum CommandReplace: ActionCommand {
  static let signature = Signature(
    name: "replace", availability: .oursOr("replace"),
    tags: PartEdits.newPartTags + [
      TagSignature("mime"), TagSignature("subject", .string), TagSignature("from", .string),
      TagSignature("alternatives"), PartEdits.breakTag,
    ],
    positional: [.init("text", .string)], need: .part)
  static let action = Action.replace

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.replace)
    context.newPart(call, &action, text: 0)
    if call.has("alternatives") { action.flags.insert(.alternatives) }
    if call.has("mime") {
      action.flags.insert(.mime)
      for tag in call.tags where ["type", "name", "disposition"].contains(tag.name) {
        context.report(
          .argument(.conflictingTags(tag.name, "mime", of: "replace")), at: tag.range)
      }
    }
    for tag in ["subject", "from"] {
      if let literal = call.tag(tag)?.string { action.set(tag, context.headerValue(literal)) }
    }
    return context.planEdit(call, &action) ? action : nil
  }
}
