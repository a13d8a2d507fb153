// `discard [:message];` (RFC 5228 §4.4): taken and thrown away. In a plain Sieve script it only
// cancels the implicit keep.

import RuleBytecode

enum CommandDiscard: ActionCommand {
  static let signature = Signature(
    name: "discard", availability: .base, tags: [Verdicts.messageTag],
    need: .message)
  static let action = Action.discard
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    if context.file.isPolicy { return Verdicts.silent(.discard, call, &context) }
    for tag in call.tags { context.demand(.ours, for: ":" + tag.name, at: tag.range) }
    var action = PlannedAction(.discard)
    action.flags = .plain
    return action
  }
}
