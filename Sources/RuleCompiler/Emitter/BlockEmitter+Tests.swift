// Tests as code. One that can fail is worked out as a three-valued word (LANGUAGE §8), one that
// cannot is jumps alone.

import RuleBytecode

extension BlockEmitter {
  /// Goes to `otherwise` when the condition is false; a failure is answered by its policy and,
  /// with `continue`, leaves the rule.
  mutating func condition(
    _ condition: CheckedCondition, otherwise: Label, leave: Label
  ) {
    scratch { out in
      let isLeaf = if case .leaf = condition.test.form { true } else { false }
      let isCounted = out.countsBranches && !isLeaf
      guard condition.test.canFail || isCounted else {
        out.branch(on: condition.test, when: false, to: otherwise)
        return
      }
      let register = out.truth()
      out.value(of: condition.test, into: register)
      if isCounted { out.probe(register, condition.test.range) }
      let policy = Int(out.pool.policy(condition.policy))
      out.jump(.settle, a: register, b: policy, to: leave)
      out.jump(.jumpIfFalse, a: register, to: otherwise)
    }
  }

  /// Leaves the test's value in a register.
  mutating func value(of test: CheckedTest, into register: Register) {
    switch test.form {
    case .leaf(let code):
      mark(test.range)
      let end = label()
      if let checks = test.factChecks {
        checks.emit(into: register, &self)
        jumpUnlessTrue(register, to: end)
      }
      scratch { code.emit(into: register, &$0) }
      bind(end)
      probe(register, test.range)
    case .not(let inner):
      value(of: inner, into: register)
      emit(.truthNot, a: register, b: Int(register))
    case .failed(let inner):
      value(of: inner, into: register)
      let isNot = label()
      let end = label()
      jump(.jumpIfTrue, a: register, to: isNot)
      jump(.jumpIfFalse, a: register, to: isNot)
      emit(.truthConstant, a: register, c: 1)
      jump(.jump, to: end)
      bind(isNot)
      emit(.truthConstant, a: register, c: 0)
      bind(end)
      probe(register, test.range)
    case .all(let tests): join(tests, .truthAnd, stop: .jumpIfFalse, into: register)
    case .any(let tests): join(tests, .truthOr, stop: .jumpIfTrue, into: register)
    }
  }

  /// One after the other until one decides. A failure decides nothing: the next may.
  private mutating func join(
    _ tests: [CheckedTest], _ opcode: Opcode, stop: Opcode, into register: Register
  ) {
    let end = label()
    var mayHaveFailed = false
    for (index, test) in tests.enumerated() {
      if mayHaveFailed {
        scratch { out in
          let next = out.truth()
          out.value(of: test, into: next)
          out.emit(opcode, a: register, b: Int(register), c: UInt32(next))
        }
      } else {
        value(of: test, into: register)
      }
      mayHaveFailed = mayHaveFailed || test.canFail
      if index < tests.count - 1 { jump(stop, a: register, to: end) }
    }
    bind(end)
  }

  /// Jumps when a test that cannot fail has that value.
  private mutating func branch(on test: CheckedTest, when value: Bool, to target: Label) {
    switch test.form {
    case .leaf, .failed:
      scratch { out in
        let register = out.truth()
        out.value(of: test, into: register)
        out.jump(value ? .jumpIfTrue : .jumpIfFalse, a: register, to: target)
      }
    case .not(let inner): branch(on: inner, when: !value, to: target)
    case .all(let tests): branch(onEach: tests, deciding: false, when: value, to: target)
    case .any(let tests): branch(onEach: tests, deciding: true, when: value, to: target)
    }
  }

  private mutating func branch(
    onEach tests: [CheckedTest], deciding: Bool, when value: Bool, to target: Label
  ) {
    if value == deciding {
      for test in tests { branch(on: test, when: deciding, to: target) }
      return
    }
    let skip = label()
    for test in tests.dropLast() { branch(on: test, when: deciding, to: skip) }
    if let last = tests.last { branch(on: last, when: value, to: target) }
    bind(skip)
  }
}
