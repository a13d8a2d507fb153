// `ereject [:code] [:enhanced] TEXT;` (RFC 5429 §2.1): at the MTA the same as `reject`, since every
// refusal of ours is a reply of SMTP.

import RuleBytecode

enum CommandEreject: ActionCommand {
  static let signature = Signature(
    name: "ereject", availability: .oursOr("ereject"), tags: Verdicts.replyTags,
    positional: [.init("text", .strings)])
  static let action = Action.ereject
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    Verdicts.refusal(.reject, call, &context)
  }
}
