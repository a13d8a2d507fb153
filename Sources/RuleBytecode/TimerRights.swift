// What a job of `every` may do and ask: it runs by the clock, without a client and without a mail.
// The checker says it with words, the verifier holds each instruction against it.

package enum TimerRights {
  package static let actions: [Action] = [.log, .event, .lookup, .notify]
  package static let facts: Set<Fact> = [.now, .defangVersion, .defangPolicy]
  package static let families: Set<FactFamily> = [.switch]
  package static let checks: Set<CheckKind> = [.table]
  package static let queries: Set<QuerySource> = [.text, .currentDate]
  /// Tests of the language that ask nothing else.
  package static let tests: Set<String> = [
    "allof", "anyof", "not", "true", "false", "failed", "string", "number", "lookup", "fact",
    "currentdate", "ihave",
  ]
  package static let secondsRange = 1...2_678_400

  static func allow(_ instruction: Instruction, in program: Program) -> Bool {
    switch instruction.opcode {
    case .textFact, .factPresent, .numberFact:
      Fact(rawValue: UInt8(truncatingIfNeeded: instruction.c)).map(facts.contains) ?? false
    case .textNamedFact, .namedFactPresent:
      FactFamily(rawValue: UInt8(truncatingIfNeeded: instruction.b)).map(families.contains)
        ?? false
    case .query: queries.contains(program.queries[Int(instruction.c)].source)
    case .check: checks.contains(program.checks[Int(instruction.c)].kind)
    case .act:
      actions.contains(program.actions[Int(instruction.c)].action)
        && !program.actions[Int(instruction.c)].flags.contains(.sender)
    case .verdict, .addScore, .loopBegin, .loopNext, .partSize, .textPart, .call, .group,
      .scriptEnd:
      false
    default: true
    }
  }
}

extension Program {
  /// The jobs of `every`: name, period and block, in the order of the policy.
  package var jobs: [(name: String, seconds: Int, block: Int)] {
    timers.map { timer in
      (string(blocks[Int(timer.block)].name), Int(timer.seconds), Int(timer.block))
    }
  }
}
