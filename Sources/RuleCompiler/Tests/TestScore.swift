// `score :over|:under "5.0"`: the score so far, strictly.

import RuleBytecode

enum TestScore: TestCommand {
  static let signature = Signature(
    name: "score", availability: .ours,
    tags: [TagSignature("over", group: "side"), TagSignature("under", group: "side")],
    positional: [.init("threshold", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let opcode = context.side(of: call), let literal = call.string(0),
      let amount = context.decimal(literal)
    else { return nil }
    return CheckedTest(Code(opcode: opcode, threshold: amount), at: call.range)
  }

  struct Code: TestCode {
    let opcode: Opcode
    let threshold: DecimalValue

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let (score, bound) = (out.number(), out.number())
      out.emit(.numberScore, a: score)
      switch threshold {
      case .constant(let value):
        out.emit(.numberConstant, a: bound, c: out.pool.number(value))
        out.emit(opcode, a: target, b: Int(score), c: UInt32(bound))
      case .text(let value):
        // What is no number compares as false.
        let text = out.text(value)
        let end = out.label()
        out.emit(.numberParse, a: bound, b: Int(target), c: UInt32(text))
        out.jump(.jumpIfFalse, a: target, to: end)
        out.emit(opcode, a: target, b: Int(score), c: UInt32(bound))
        out.bind(end)
      }
    }
  }
}

/// A decimal of the policy: known now, or read from a variable.
enum DecimalValue: Sendable {
  case constant(Int64)
  case text(TextValue)
}

extension CheckContext {
  mutating func decimal(_ literal: StringLiteral) -> DecimalValue? {
    let value = text(literal)
    guard let constant = value.constant else { return .text(value) }
    if let amount = Decimal.parse(Array(constant.utf8)) { return .constant(amount) }
    let digits = constant.utf8.drop { $0 == 43 || $0 == 45 }.prefix { $0 >= 48 && $0 <= 57 }
    let problem: LiteralProblem =
      digits.count > 9 ? .scoreTooBig(constant, max: "999999999") : .score(constant)
    report(.literal(problem), at: literal.range)
    return nil
  }
}
