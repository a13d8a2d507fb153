// `html_to_text [:break_signature];`: an HTML part becomes the text that it shows.

import RuleBytecode

enum CommandHtmlToText: ActionCommand {
  static let signature = Signature(
    name: "html_to_text", availability: .ours, tags: [PartEdits.breakTag], need: .part)
  static let action = Action.htmlToText

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    PartEdits.bare(.htmlToText, call, &context)
  }
}
