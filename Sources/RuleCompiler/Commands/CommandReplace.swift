// `replace [:type T] [:name N] [:disposition D] TEXT;`: this part becomes a text.

import RuleBytecode

enum CommandReplace: ActionCommand {
  static let signature = Signature(
    name: "replace", availability: .ours,
    tags: [
      TagSignature("type", .string), TagSignature("name", .string),
      TagSignature("disposition", .string),
    ],
    positional: [.init("text", .string)], need: .part)
  static let action = Action.replace

  private static let dispositions = ["inline", "attachment"]

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    var action = PlannedAction(.replace)
    action.set("text", context.text(literal))
    if let tag = call.tag("type")?.string,
      let type = context.constant(tag, ":type", of: "replace")
    {
      if !Literals.isMediaType(type) {
        context.report(.literal(.mediaType(type)), at: tag.range)
      }
      action.set("type", TextValue(type))
    }
    if let tag = call.tag("name")?.string { action.set("name", context.headerValue(tag)) }
    if let tag = call.tag("disposition")?.string,
      let disposition = context.constant(tag, ":disposition", of: "replace")
    {
      if !dispositions.contains(disposition) {
        let nearest = context.nearest(to: disposition, among: dispositions)
        let problem = NameProblem.unknownValue(
          disposition, of: ":disposition", nearest: nearest, known: dispositions)
        context.report(.name(problem), at: tag.range)
      }
      action.set("disposition", TextValue(disposition))
    }
    return action
  }
}
