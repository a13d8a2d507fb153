// `redirect [:copy] ADDRESS;` (RFC 5228 §4.2, RFC 3894): in `rcpt` and in a loop over recipients
// this one becomes that address, elsewhere all do; with `:copy` they stay as well.

import RuleBytecode

enum CommandRedirect: ActionCommand {
  static let signature = Signature(
    name: "redirect", tags: [TagSignature("copy")], positional: [.init("address", .string)],
    need: .message)
  static let action = Action.redirect

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    var action = PlannedAction(.redirect)
    action.set(
      "address", context.file.isPolicy ? context.address(literal) : context.mailbox(literal))
    if let copy = call.tag("copy") {
      if !context.file.isPolicy {
        context.demand(.capability("copy"), for: ":copy", at: copy.range)
      }
      action.flags.insert(.copy)
    }
    if context.file.isPolicy {
      action.loop = context.recipientLoop
    } else {
      action.flags.insert(.plain)
    }
    return action
  }
}

extension CheckContext {
  /// In a plain script: an address as a header field holds it.
  fileprivate mutating func mailbox(_ literal: StringLiteral) -> TextValue {
    let value = text(literal)
    guard let constant = value.constant else { return value }
    guard let address = MailboxLiteral.address(constant) else {
      report(.literal(.address(constant)), at: literal.range)
      return value
    }
    return TextValue(address)
  }
}
