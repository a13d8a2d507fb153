// `sanitize_html [:links "keep"|"text"|"remove"] [:break_signature];`: an HTML part loses what can
// act: scripts, forms, frames, what loads by itself.

import RuleBytecode

enum CommandSanitizeHtml: ActionCommand {
  static let signature = Signature(
    name: "sanitize_html", availability: .ours,
    tags: [TagSignature("links", .string), PartEdits.breakTag], need: .part)
  static let action = Action.sanitizeHtml

  static let links = ["keep", "text", "remove"]

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let links = context.word(of: call, "links", links) ?? "keep"
    guard var action = PartEdits.bare(.sanitizeHtml, call, &context) else { return nil }
    action.set("links", TextValue(links))
    return action
  }
}
