// `event NAME [VALUES];`: one line for whoever counts and correlates; `defangctl events` shows
// them.

import RuleBytecode

enum CommandEvent: ActionCommand {
  static let signature = Signature(
    name: "event", availability: .ours,
    positional: [.init("name", .string), .init("values", .strings, optional: true)])
  static let action = Action.event

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    let values = call.strings(1).map { context.text($0) }
    guard let name = context.constant(literal, "name", of: "event") else { return nil }
    guard Literals.isDeclaredName(name) else {
      context.report(.literal(.badName(name, kind: .event)), at: literal.range)
      return nil
    }
    var action = PlannedAction(.event)
    action.set("name", TextValue(name))
    if !values.isEmpty { action.set("value", values) }
    return action
  }
}
