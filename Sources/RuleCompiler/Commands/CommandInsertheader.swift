// `insertheader [:at n] NAME VALUE;`: a new field that becomes the nth; the first without `:at`.

import RuleBytecode

enum CommandInsertheader: ActionCommand {
  static let signature = Signature(
    name: "insertheader", availability: .ours, tags: [TagSignature("at", .number)],
    positional: [.init("header name", .string), .init("value", .string)], need: .message)
  static let action = Action.insertheader

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let name = context.headerName(call, 0)
    let place = context.index(of: call, tag: "at")
    guard let literal = call.string(1) else { return nil }
    let value = context.headerValue(literal)
    guard let name else { return nil }
    var action = PlannedAction(.insertheader)
    action.index = place
    action.set("name", TextValue(name))
    action.set("value", value)
    return context.planEdit(call, &action) ? action : nil
  }
}
