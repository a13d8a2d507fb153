// Wrong instructions.

@testable import RuleBytecode

extension FlawCases {
  /// The sample with one instruction changed, and the flaw at its place.
  private static func wrong(
    _ name: String, _ opcode: Opcode, _ flaw: (Int) -> Flaw,
    _ change: @escaping @Sendable (inout Instruction) -> Void
  ) -> FlawCase {
    FlawCase(name, flaw(sample.pc(of: opcode)), .program { $0.change(opcode, change) })
  }

  private static func operand(
    _ opcode: Opcode, c value: Int
  ) -> FlawCase {
    wrong("\(opcode.shape.name) C past the end", opcode, Flaw.operandOutOfRange) {
      $0.c = UInt32(value)
    }
  }

  static let code: [FlawCase] = banks + operands + ways + loops

  private static let banks: [FlawCase] = [
    FlawCase(
      "an opcode past the last", .unknownOpcode(at: 0),
      .bytes { $0[$0.start(of: .code)] = UInt8(Opcode.allCases.count) }),
    wrong("halt with an operand", .halt, Flaw.fieldNotZero) { $0.b = 1 },
    wrong("jump with a register", .jump, Flaw.fieldNotZero) { $0.a = 1 },
    wrong("a truth out of a number", .truthConstant, Flaw.wrongBank) { $0.a = 64 },
    wrong("a truth from register 256", .truthCopy, Flaw.wrongBank) { $0.b = 256 },
    wrong("a number from a truth", .over, Flaw.wrongBank) { $0.b = 63 },
    wrong("a number from a text", .over, Flaw.wrongBank) { $0.c = 112 },
    wrong("a text from a number", .textAdd, Flaw.wrongBank) { $0.a = 111 },
    wrong("a text from register 256", .numberParse, Flaw.wrongBank) { $0.c = 256 },
  ]

  private static let operands: [FlawCase] = [
    operand(.rule, c: sample.rules.count), operand(.probe, c: sample.probes.count),
    operand(.answer, c: sample.policies.count), operand(.truthConstant, c: 2),
    operand(.numberConstant, c: sample.numbers.count),
    operand(.numberFact, c: Int(Fact.subject.rawValue)), operand(.numberFact, c: 0x100),
    operand(.textConstant, c: sample.strings.count), operand(.textFact, c: Fact.allCases.count),
    operand(.textNamedFact, c: sample.strings.count),
    operand(.textVariable, c: sample.variables.count),
    operand(.textGroup, c: ImageFormat.matchGroupsMax), operand(.query, c: sample.queries.count),
    operand(.textModify, c: TextModifier.allCases.count), operand(.check, c: sample.checks.count),
    operand(.verdict, c: sample.replies.count), operand(.addScore, c: sample.strings.count),
    operand(.log, c: LogLevel.allCases.count), operand(.act, c: sample.actions.count),
    operand(.call, c: Int(sample.functionCount)), operand(.textPart, c: sample.numbers.count),
    wrong("a family", .textNamedFact, Flaw.operandOutOfRange) {
      $0.b = UInt16(FactFamily.allCases.count)
    },
    wrong("a family past a byte", .textNamedFact, Flaw.operandOutOfRange) { $0.b = 0x100 },
    wrong("a loop", .loopBegin, Flaw.operandOutOfRange) { $0.a = UInt8(ImageFormat.loopsMax) },
    wrong("a kind of loop", .loopBegin, Flaw.operandOutOfRange) {
      $0.b = UInt16(ImageFormat.loopsMax + 2)
    },
    wrong("a fact's loop", .textFact, Flaw.operandOutOfRange) {
      $0.b = UInt16(ImageFormat.loopsMax + 1)
    },
    wrong("a text's loop", .textPart, Flaw.operandOutOfRange) {
      $0.b = UInt16(ImageFormat.loopsMax + 1)
    },
    wrong("a policy", .settle, Flaw.operandOutOfRange) { $0.b = 2 },
  ]

  private static let ways: [FlawCase] = [
    wrong("a jump to itself", .jump, Flaw.targetNotForward) {
      $0.c = UInt32(sample.pc(of: .jump))
    },
    wrong("a jump back", .jumpIfTrue, Flaw.targetNotForward) { $0.c = 0 },
    wrong("a jump to the next block", .jump, Flaw.targetOutsideBlock) {
      $0.c = sample.blocks[3].start
    },
    wrong("a settle past the code", .settle, Flaw.targetOutsideBlock) {
      $0.c = UInt32(sample.code.count)
    },
    FlawCase(
      "a function that calls itself", .callNotBackward(at: sample.pc(of: .call)),
      .program { $0.change(.call) { $0.c = 1 } }),
    FlawCase(
      "calls one deeper than the machine's",
      .callTooDeep(at: chainEnd(ImageFormat.callDepthMax + 1)),
      .program { $0 = chain(of: ImageFormat.callDepthMax + 1) }),
    FlawCase(
      "a return of a phase", .returnOutsideFunction(at: sample.pc(of: .halt)),
      .program { $0.change(.halt) { $0.opcode = .return } }),
    FlawCase(
      "a block that runs on", .blockDoesNotEnd(index: 2),
      .program {
        $0.change(.halt) { $0 = Instruction(.truthConstant) }
      }),
    FlawCase(
      "a part's question at connect", .phase(.connect, at: sample.pc(of: .query)),
      .program {
        let place = $0.queries.firstIndex { $0.source == .partIs } ?? 0
        $0.change(.query) { $0.c = UInt32(place) }
      }),
    FlawCase(
      "discard without :message at rcpt", .phase(.rcpt, at: sample.pc(of: .verdict)),
      .program { $0.replies[0].kind = .discard }),
    FlawCase(
      "a message's variable at connect", .phase(.connect, at: sample.pc(of: .query)),
      .program { $0.change(.query) { $0 = Instruction(.textVariable, a: 112, c: 1) } }),
    FlawCase(
      "the subject at connect", .phase(.connect, at: sample.pc(of: .query)),
      .program {
        let fact = $0.code[$0.pc(of: .textFact)]
        $0.change(.query) { $0 = fact }
      }),
    FlawCase(
      "a function that reads the header, called at rcpt",
      .phase(.rcpt, at: Int(sample.blocks[3].start)),
      .program { program in
        let place = program.queries.firstIndex { $0.source == .exists } ?? 0
        program.change(.truthConstant) { $0 = Instruction(.query, c: UInt32(place)) }
      }),
  ]

  private static let begin = sample.pc(of: .loopBegin)
  private static let next = sample.pc(of: .loopNext)

  private static let loops: [FlawCase] = [
    wrong("a next before its begin", .loopNext, Flaw.loopOutOfPlace) {
      $0.c = UInt32(sample.pc(of: .loopNext))
    },
    wrong("a next that leads elsewhere", .loopNext, Flaw.loopOutOfPlace) { $0.c -= 1 },
    wrong("a next of another loop", .loopNext, Flaw.loopOutOfPlace) { $0.a = 1 },
    FlawCase(
      "an exit before the end", .loopOutOfPlace(at: next),
      .program { $0.change(.loopBegin) { $0.c -= 1 } }),
    FlawCase(
      "a loop without a next", .loopOutOfPlace(at: Int(sample.blocks[7].start) - 1),
      .program { $0.code[next + 6] = Instruction(.textBegin) }),
    FlawCase(
      "a loop's place taken twice", .loopOutOfPlace(at: begin + 4),
      .program { $0.code[begin + 4].a = 1 }),
    FlawCase(
      "parts inside a loop that is over", .loopOutOfPlace(at: begin + 3),
      .program { $0.code[begin + 3].b = 2 }),
    FlawCase(
      "a loop over recipients at rcpt", .phase(.rcpt, at: Int(sample.blocks[3].start)),
      .program { program in
        let start = Int(program.blocks[3].start)
        program.code[start] = Instruction(.loopBegin, b: 1, c: UInt32(start + 2))
        program.code[start + 1] = Instruction(.loopNext, c: UInt32(start + 1))
      }),
  ]

  /// Functions that call one another, each the one before, and a phase that calls the last.
  static func chain(of count: Int) -> Program {
    var out = Assembler()
    for index in 0..<count {
      out.function("f\(index)")
      if index > 0 { out.emit(.call, c: UInt32(index - 1)) }
      out.emit(.return)
    }
    out.phase(.eom)
    out.emit(.call, c: UInt32(count - 1))
    out.emit(.halt)
    return out.program
  }

  /// Where the phase of a chain calls.
  private static func chainEnd(_ count: Int) -> Int { 2 * count - 1 }

  /// Sets that name the same empty entries over and over; reading them takes that many steps.
  static func overlapping(steps: Int) -> Program {
    var program = Program()
    program.strings = [StringRange(offset: 0, length: 0)]
    program.entries = Array(repeating: StringRange(offset: 0, length: 0), count: 8_191)
    // One step for each entry and one for the set.
    for count in Array(repeating: 8_191, count: steps / 8_192) + [steps % 8_192 - 1]
    where count >= 0 {
      program.sets.append(KeySet(kind: .ordered, first: 0, count: UInt32(count)))
    }
    return program
  }
}
