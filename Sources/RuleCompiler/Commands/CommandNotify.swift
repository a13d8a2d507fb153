// `notify :admin|:sender|:to ADDRESS [:subject S] TEXT;`: a mail of its own; those of one message
// to one addressee are one mail.

import RuleBytecode

enum CommandNotify: ActionCommand {
  static let signature = Signature(
    name: "notify", availability: .ours,
    tags: [
      TagSignature("admin", group: "addressee"), TagSignature("sender", group: "addressee"),
      TagSignature("to", .string, group: "addressee"), TagSignature("subject", .string),
    ],
    positional: [.init("text", .string)], need: .message)
  static let action = Action.notify

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    var action = PlannedAction(.notify)
    action.errandPolicy = context.answers.policy
    action.set("text", context.text(literal))
    if let subject = call.tag("subject")?.string {
      action.set("subject", context.headerValue(subject))
    }
    if call.has("admin") {
      action.flags = .admin
    } else if let tag = call.tag("sender") {
      guard context.allowInTimer("notify :sender", false, at: tag.range) else { return nil }
      action.flags = .sender
    } else if let address = call.tag("to")?.string {
      action.set("to", context.address(address))
    } else {
      context.report(
        .argument(.missing(":admin, :sender or :to", expected: .tag, of: "notify")),
        at: call.name.range)
      return nil
    }
    return action
  }
}
