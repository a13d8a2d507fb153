// `deleteheader [:index n [:last]] [MATCH] NAME [VALUES];` (RFC 5293 §5).

import RuleBytecode

enum CommandDeleteheader: ActionCommand {
  static let signature = Signature(
    name: "deleteheader", availability: .oursOr("editheader"),
    tags: Signature.matchTags + [TagSignature("index", .number), TagSignature("last")],
    positional: [.init("header name", .string), .init("values", .strings, optional: true)],
    need: .message)
  static let action = Action.deleteheader

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let index = context.index(of: call)
    var name: TextValue?
    if let last = call.tag("last"), !call.has("index") {
      context.report(
        .argument(.tagNeeds("last", needs: "index", of: "deleteheader")), at: last.range)
    } else {
      name = context.editedName(call)
    }
    var plan: MatchPlan?
    if call.positional[1] != nil {
      context.matchFailures = .none
      plan = context.match(call, keys: 1)
      if plan == nil { return nil }
    }
    guard let name else { return nil }
    var action = PlannedAction(.deleteheader)
    action.flags = context.editFlags(call)
    action.index = index
    action.plan = plan
    if plan != nil, context.matchFailures.isPossible {
      action.policy = context.policy(for: context.matchFailures)
    }
    action.set("name", name)
    return context.planEdit(call, &action) ? action : nil
  }
}
