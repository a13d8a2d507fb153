// `strip_tracking [:break_signature];`: pictures that only report that a mail was read, and the
// parts of links that only say by whom, go out of an HTML part.

import RuleBytecode

enum CommandStripTracking: ActionCommand {
  static let signature = Signature(
    name: "strip_tracking", availability: .ours, tags: [PartEdits.breakTag], need: .part)
  static let action = Action.stripTracking

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    PartEdits.bare(.stripTracking, call, &context)
  }
}
