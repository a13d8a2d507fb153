// `score AMOUNT SYMBOL;`: adds to the message's score, one symbol once a message.

import RuleBytecode

enum CommandScore: ActionCommand {
  static let signature = Signature(
    name: "score", availability: .ours, tags: [TagSignature("each")],
    positional: [.init("amount", .string), .init("symbol", .string)])
  static let action = Action.score

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0), let name = call.string(1) else { return nil }
    let amount = context.decimal(literal)
    guard let symbol = context.constant(name, "symbol", of: "score") else { return nil }
    guard Literals.isSymbol(symbol) else {
      context.report(.literal(.badSymbol(symbol)), at: name.range)
      return nil
    }
    return amount.map { Code(amount: $0, symbol: symbol, isEach: call.has("each")) }
  }

  struct Code: ActionCode {
    let amount: DecimalValue
    let symbol: String
    let isEach: Bool

    func emit(_ out: inout BlockEmitter) {
      let number = out.number()
      let symbol = out.pool.string(symbol)
      switch amount {
      case .constant(let value):
        out.emit(.numberConstant, a: number, c: out.pool.number(value))
        out.emit(.addScore, a: number, b: isEach ? 1 : 0, c: symbol)
      case .text(let value):
        // What is no number adds nothing.
        let text = out.text(value)
        let isNumber = out.truth()
        let end = out.label()
        out.emit(.numberParse, a: number, b: Int(isNumber), c: UInt32(text))
        out.jump(.jumpIfFalse, a: isNumber, to: end)
        out.emit(.addScore, a: number, b: isEach ? 1 : 0, c: symbol)
        out.bind(end)
      }
    }
  }
}
