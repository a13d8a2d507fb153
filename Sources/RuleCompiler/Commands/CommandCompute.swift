// `compute [:message|:session] :product|:sum|:difference NAME [A, B];`: arithmetic with fixed point
// that does not overflow. What is no number counts 0.

import RuleBytecode

enum CommandCompute: ActionCommand {
  static let signature = Signature(
    name: "compute", availability: .ours,
    tags: CommandSet.scopes.map { TagSignature($0.name, group: "scope") }
      + operations.map { TagSignature($0.name, group: "operation") },
    positional: [.init("name", .string), .init("numbers", .strings)])
  static let action = Action.compute

  private static let operations: [(name: String, opcode: Opcode)] = [
    ("product", .numberMultiply), ("sum", .numberAdd), ("difference", .numberSubtract),
  ]

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let numbers = call.strings(1)
    let values = numbers.compactMap { context.decimal($0) }
    guard let operation = operations.first(where: { call.has($0.name) }) else {
      let problem = ArgumentProblem.missing(
        ":product, :sum or :difference", expected: .tag, of: "compute")
      context.report(.argument(problem), at: call.name.range)
      return nil
    }
    guard numbers.count == 2 else {
      context.report(
        .argument(.missing("two numbers", expected: .list, of: "compute")),
        at: call.positional[1]?.range ?? call.name.range)
      return nil
    }
    guard values.count == 2, let variable = context.variable(toSetBy: call) else { return nil }
    return Code(opcode: operation.opcode, values: values, variable: variable)
  }

  struct Code: ActionCode {
    let opcode: Opcode
    let values: [DecimalValue]
    let variable: VariableReference

    func emit(_ out: inout BlockEmitter) {
      let (left, right) = (out.number(values[0]), out.number(values[1]))
      out.emit(opcode, a: left, b: Int(left), c: UInt32(right))
      let text = out.text()
      out.emit(.numberText, a: text, b: Int(left))
      out.emit(.textStore, a: text, c: out.pool.variable(variable))
    }
  }
}

extension BlockEmitter {
  /// A decimal in a register of its own; 0 for what is none.
  fileprivate mutating func number(_ value: DecimalValue) -> Register {
    let number = number()
    switch value {
    case .constant(let value): emit(.numberConstant, a: number, c: pool.number(value))
    case .text(let value):
      let (text, isNumber) = (text(value), truth())
      emit(.numberParse, a: number, b: Int(isNumber), c: UInt32(text))
    }
    return number
  }
}
