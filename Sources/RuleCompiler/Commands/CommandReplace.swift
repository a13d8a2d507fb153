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
    var edit = PartEditCode(kind: .replace, text: context.text(literal))
    if let tag = call.tag("type")?.string {
      edit.type = context.constant(tag, ":type", of: "replace") ?? ""
      if !edit.type.isEmpty && !Literals.isMediaType(edit.type) {
        context.report(.literal(.mediaType(edit.type)), at: tag.range)
      }
    }
    if let tag = call.tag("name")?.string {
      edit.name = context.constant(tag, ":name", of: "replace") ?? ""
      if let control = Literals.control(in: edit.name) {
        context.report(.literal(.headerValueControl(control)), at: tag.range)
      }
    }
    if let tag = call.tag("disposition")?.string {
      edit.disposition = context.constant(tag, ":disposition", of: "replace") ?? ""
      if !edit.disposition.isEmpty && !dispositions.contains(edit.disposition) {
        let nearest = context.nearest(to: edit.disposition, among: dispositions)
        let problem = NameProblem.unknownValue(
          edit.disposition, of: ":disposition", nearest: nearest, known: dispositions)
        context.report(.name(problem), at: tag.range)
      }
    }
    return edit
  }
}
