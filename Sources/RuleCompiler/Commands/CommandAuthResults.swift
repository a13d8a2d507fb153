// `auth_results NAME;`: fields Authentication-Results of that name (RFC 8601) that came from
// outside go, ours is added.

import RuleBytecode

enum CommandAuthResults: ActionCommand {
  static let signature = Signature(
    name: "auth_results", availability: .ours, positional: [.init("name", .string)],
    need: .message)
  static let action = Action.authResults

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0),
      let name = context.constant(literal, "name", of: "auth_results")
    else { return nil }
    if !Literals.isDomain(name) { context.report(.literal(.domain(name)), at: literal.range) }
    var action = PlannedAction(.authResults)
    action.set("name", TextValue(name))
    return context.planEdit(call, &action) ? action : nil
  }
}
