// `number :value RELATION A B`: two signed decimals. One that is absent, or no number, makes it
// false, whatever the relation.

import RuleBytecode

enum TestNumber: TestCommand {
  static let signature = Signature(
    name: "number", availability: .ours,
    tags: [TagSignature("value", .string, needs: "relational")],
    positional: [.init("number", .string), .init("other number", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let tag = call.tag("value") else {
      context.report(
        .argument(.missing(":value", expected: .tag, of: "number")), at: call.name.range)
      return nil
    }
    let relation = context.relation(tag, of: call)
    let sides = [call.string(0), call.string(1)].compactMap { $0 }.map { context.number($0) }
    guard let relation, let left = sides[0], let right = sides[1] else { return nil }
    var constant: Bool?
    if case .constant(let first) = left, case .constant(let second) = right {
      constant = relation.holds(first < second ? -1 : first > second ? 1 : 0)
    }
    return CheckedTest(
      Code(relation: relation, left: left, right: right), at: call.range, constant: constant)
  }

  struct Code: TestCode {
    let relation: Relation
    let left: DecimalValue
    let right: DecimalValue

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let end = out.label()
      let first = out.number(left, orFalseIn: target, to: end)
      let second = out.number(right, orFalseIn: target, to: end)
      out.compare(relation, first, second, into: target)
      out.bind(end)
    }
  }
}

extension CheckContext {
  /// A decimal that is no score: a literal must be one.
  mutating func number(_ literal: StringLiteral) -> DecimalValue? {
    let value = text(literal)
    guard let constant = value.constant else { return .text(value) }
    if let number = Decimal.parse(Array(constant.utf8)) { return .constant(number) }
    report(.literal(.notANumber(constant)), at: literal.range)
    return nil
  }
}
