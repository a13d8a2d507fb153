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

  static let code: [FlawCase] = banks + operands + ways

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
    operand(.textGroup, c: ImageFormat.matchGroupsMax), operand(.matchText, c: sample.specs.count),
    operand(.headerExists, c: sample.set(.addresses)), operand(.headerExists, c: 1 << 20),
    operand(.ipIn, c: sample.set(.folded)), operand(.check, c: sample.checks.count),
    operand(.verdict, c: sample.replies.count), operand(.addScore, c: sample.strings.count),
    operand(.log, c: LogLevel.allCases.count), operand(.editHeader, c: sample.headerEdits.count),
    operand(.editPart, c: sample.partEdits.count), operand(.call, c: Int(sample.functionCount)),
    wrong("a family", .textNamedFact, Flaw.operandOutOfRange) { $0.b = 3 },
    wrong("a family past a byte", .textNamedFact, Flaw.operandOutOfRange) { $0.b = 0x100 },
    wrong("an envelope part", .matchEnvelope, Flaw.operandOutOfRange) { $0.b = 2 },
    wrong("an address's side", .ipIn, Flaw.operandOutOfRange) { $0.b = 3 },
    wrong("a part's field", .matchPart, Flaw.operandOutOfRange) { $0.b = 13 },
    wrong("a question", .partIs, Flaw.operandOutOfRange) { $0.b = 2 },
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
      "a part's question at connect", .phase(.connect, at: sample.pc(of: .ipIn)),
      .program {
        let question = $0.code[$0.pc(of: .partIs)]
        $0.change(.ipIn) { $0 = question }
      }),
    FlawCase(
      "discard without :message at rcpt", .phase(.rcpt, at: sample.pc(of: .verdict)),
      .program { $0.replies[0].kind = .discard }),
    FlawCase(
      "a recipient's variable at eom", .phase(.eom, at: sample.pc(of: .textVariable)),
      .program { $0.change(.textVariable) { $0.c = 2 } }),
    FlawCase(
      "the subject at connect", .phase(.connect, at: sample.pc(of: .ipIn)),
      .program {
        let fact = $0.code[$0.pc(of: .textFact)]
        $0.change(.ipIn) { $0 = fact }
      }),
    FlawCase(
      "a function that reads the header, called at rcpt",
      .phase(.rcpt, at: Int(sample.blocks[3].start)),
      .program { program in
        let exists = program.code[program.pc(of: .headerExists)]
        program.change(.truthConstant) { $0 = exists }
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
}
