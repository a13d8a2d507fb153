// `score :over|:under "5.0"`: the score so far, strictly. `score :value RELATION "5.0"`.

import RuleBytecode

enum TestScore: TestCommand {
  static let signature = Signature(
    name: "score", availability: .ours,
    tags: [
      TagSignature("over", group: "side"), TagSignature("under", group: "side"),
      TagSignature("value", .string, group: "side", needs: "relational"),
    ],
    positional: [.init("threshold", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let relation = relation(call, &context), let literal = call.string(0),
      let amount = context.decimal(literal)
    else { return nil }
    return CheckedTest(Code(relation: relation, threshold: amount), at: call.range)
  }

  private static func relation(_ call: Call, _ context: inout CheckContext) -> Relation? {
    if let tag = call.tag("value") { return context.relation(tag, of: call) }
    if call.has("over") { return .gt }
    if call.has("under") { return .lt }
    context.report(
      .argument(.missing(":value, :over or :under", expected: .tag, of: "score")),
      at: call.name.range)
    return nil
  }

  struct Code: TestCode {
    let relation: Relation
    let threshold: DecimalValue

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let end = out.label()
      let score = out.number()
      let bound = out.number(threshold, orFalseIn: target, to: end)
      out.emit(.numberScore, a: score)
      out.compare(relation, score, bound, into: target)
      out.bind(end)
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
