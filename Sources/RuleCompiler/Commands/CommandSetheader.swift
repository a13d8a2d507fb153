// `setheader [:index n] NAME VALUE;`: the value that the field has then.

import RuleBytecode

enum CommandSetheader: ActionCommand {
  static let signature = Signature(
    name: "setheader", availability: .ours, tags: [TagSignature("index", .number)],
    positional: [.init("header name", .string), .init("value", .string)], need: .message)
  static let action = Action.setheader

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let name = context.headerName(call, 0)
    let index = context.index(of: call)
    guard let literal = call.string(1) else { return nil }
    let value = context.headerValue(literal)
    guard let name else { return nil }
    var action = PlannedAction(.setheader)
    action.index = index
    action.set("name", TextValue(name))
    action.set("value", value)
    return context.planEdit(call, &action) ? action : nil
  }
}
