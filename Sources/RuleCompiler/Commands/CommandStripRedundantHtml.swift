// `strip_redundant_html [:break_signature];`: an HTML part goes when a text of the same alternative
// says the same.

import RuleBytecode

enum CommandStripRedundantHtml: ActionCommand {
  static let signature = Signature(
    name: "strip_redundant_html", availability: .ours, tags: [PartEdits.breakTag], need: .part)
  static let action = Action.stripRedundantHtml

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    PartEdits.bare(.stripRedundantHtml, call, &context)
  }
}
