// `fileinto [:copy] [:create] MAILBOX;` (RFC 5228 §4.1, RFC 3894, RFC 5490): of plain Sieve
// scripts, decided and reported. Mailboxes belong to final delivery, so a policy has none.

import RuleBytecode

enum CommandFileinto: ActionCommand {
  static let signature = Signature(
    name: "fileinto", availability: .capability("fileinto"),
    tags: [TagSignature("copy", needs: "copy"), TagSignature("create", needs: "mailbox")],
    positional: [.init("mailbox", .string)])
  static let action = Action.fileinto

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    if context.file.isPolicy {
      context.report(.name(.refusedCapability("fileinto")), at: call.name.range)
      return nil
    }
    let mailbox = context.text(literal)
    // Names of mailboxes are UTF-8 (RFC 5228 §4.1); bytes that were none show as this mark.
    if let name = mailbox.constant, name.contains("\u{FFFD}") {
      context.report(.literal(.encodedCharacter), at: literal.range)
      return nil
    }
    var action = PlannedAction(.fileinto)
    action.flags = .plain
    if call.has("copy") { action.flags.insert(.copy) }
    if call.has("create") { action.flags.insert(.create) }
    action.set("mailbox", mailbox)
    return action
  }
}
