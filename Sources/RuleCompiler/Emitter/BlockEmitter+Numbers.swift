// Decimals as code: read from a constant or a text, and compared.

import RuleBytecode

extension BlockEmitter {
  /// Leaves a decimal in a register of its own. What is no number makes `target` false and goes to
  /// `end`: it compares with nothing (LANGUAGE.md §6).
  mutating func number(
    _ value: DecimalValue, orFalseIn target: Register, to end: Label
  ) -> Register {
    let register = number()
    switch value {
    case .constant(let constant):
      emit(.numberConstant, a: register, c: pool.number(constant))
    case .text(let value):
      let text = text(value)
      emit(.numberParse, a: register, b: Int(target), c: UInt32(text))
      jump(.jumpIfFalse, a: target, to: end)
    }
    return register
  }

  mutating func compare(
    _ relation: Relation, _ left: Register, _ right: Register, into target: Register
  ) {
    let (opcode, isNegated): (Opcode, Bool) =
      switch relation {
      case .gt: (.over, false)
      case .le: (.over, true)
      case .lt: (.under, false)
      case .ge: (.under, true)
      case .eq: (.equal, false)
      case .ne: (.equal, true)
      }
    emit(opcode, a: target, b: Int(left), c: UInt32(right))
    if isNegated { emit(.truthNot, a: target, b: Int(target)) }
  }
}
