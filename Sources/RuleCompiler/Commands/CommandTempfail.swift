// `tempfail [:code] [:enhanced] TEXT;`: try again later.

import RuleBytecode

enum CommandTempfail: ActionCommand {
  static let signature = Signature(
    name: "tempfail", availability: .ours, tags: Verdicts.replyTags,
    positional: [.init("text", .strings)])
  static let action = Action.tempfail
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    Verdicts.refusal(.tempfail, call, &context)
  }
}
