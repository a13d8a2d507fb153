// `call NAME;`: the commands that `define` gave a name.

import RuleBytecode

enum CommandCall: ActionCommand {
  static let signature = Signature(
    name: "call", availability: .ours, positional: [.init("name", .string)])
  static let action = Action.call

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0), let name = context.constant(literal, "name", of: "call"),
      let definition = context.definition(name, isTest: false, at: literal.range)
    else { return nil }
    return Code(function: definition.index)
  }

  struct Code: ActionCode {
    let function: Int

    func emit(_ out: inout BlockEmitter) {
      out.emit(.call, c: UInt32(function))
      guard out.functions[function].mayLeave, let leave = out.leave else { return }
      out.jump(.jumpIfTrue, a: BlockEmitter.result, to: leave)
    }
  }
}
