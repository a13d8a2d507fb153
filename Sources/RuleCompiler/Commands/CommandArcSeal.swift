// `arc_seal :domain D :selector S :key K;`: the next set of the ARC chain (RFC 8617).

import RuleBytecode

enum CommandArcSeal: ActionCommand {
  static let signature = Signature(
    name: "arc_seal", availability: .ours,
    tags: ["domain", "selector", "key"].map { TagSignature($0, .string) }, need: .message)
  static let action = Action.arcSeal

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.arcSeal)
    action.errandPolicy = context.answers.policy
    guard context.signing(call, &action) else { return nil }
    return context.planEdit(call, &action) ? action : nil
  }
}
