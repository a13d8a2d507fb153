// `quarantine [:copy|:part] [REASON];`: our store keeps the message and the client is told that it
// was taken; with `:copy` it is stored and nothing else changes, with `:part` this part is stored
// and taken out.

import RuleBytecode

enum CommandQuarantine: ActionCommand {
  static let signature = Signature(
    name: "quarantine", availability: .ours,
    tags: [
      TagSignature("copy", group: "what"), TagSignature("part", group: "what"),
      PartEdits.breakTag,
    ],
    positional: [.init("reason", .string, optional: true)], need: .message)
  static let action = Action.quarantine

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.quarantine)
    action.errandPolicy = context.answers.policy
    if let literal = call.string(0) { action.set("reason", context.text(literal)) }
    if call.has("copy") { action.flags.insert(.copy) }
    if let tag = call.tag("part") {
      guard context.isPartHere("quarantine :part", at: tag.range),
        context.isEditPossible("quarantine :part", at: tag.range, &action)
      else { return nil }
      action.flags.insert(.part)
      action.loop = context.partLoop
      context.breakSignature(call, &action)
    } else if let tag = call.tag("break_signature") {
      context.report(
        .argument(.tagNeeds("break_signature", needs: "part", of: "quarantine")), at: tag.range)
    }
    return action
  }
}
