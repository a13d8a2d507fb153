// `reject [:code] [:enhanced] TEXT;` (RFC 5429, as an SMTP reply).

import RuleBytecode

enum CommandReject: ActionCommand {
  static let signature = Signature(
    name: "reject", availability: .oursOr("reject"), tags: Verdicts.replyTags,
    positional: [.init("text", .strings)])
  static let action = Action.reject
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    Verdicts.refusal(.reject, call, &context)
  }
}
