// `accept [:message];` ends the session's, message's, recipient's or part's run; what was recorded
// stays.

import RuleBytecode

enum CommandAccept: ActionCommand {
  static let signature = Signature(
    name: "accept", availability: .ours, tags: [Verdicts.messageTag])
  static let action = Action.accept
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    Verdicts.silent(.accept, call, &context)
  }
}
