// The verifier's pass over the code: one look at each instruction, in order.

struct CodeVerifier {
  let program: Program
  /// For each function checked so far: the phases it may run in, and how deep its calls nest.
  private var functionPhases: [PhaseSet] = []
  private var functionDepths: [Int] = []

  init(program: Program) { self.program = program }

  consuming func verify() throws(Flaw) {
    var verifier = self
    for index in verifier.program.blocks.indices { try verifier.verifyBlock(index) }
  }

  private mutating func verifyBlock(_ index: Int) throws(Flaw) {
    let isFunction = index < Int(program.functionCount)
    let start = Int(program.blocks[index].start)
    let end =
      index + 1 < program.blocks.count ? Int(program.blocks[index + 1].start) : program.code.count
    let owner = program.phases.first { Int($0.block) == index }?.phase
    var phases = PhaseSet.all
    var depth = 0
    for pc in start..<end {
      let instruction = program.code[pc]
      let shape = instruction.opcode.shape
      try verify(shape.a, UInt32(instruction.a), pc, end)
      try verify(shape.b, UInt32(instruction.b), pc, end)
      try verify(shape.c, instruction.c, pc, end)
      if instruction.opcode == .return, !isFunction { throw .returnOutsideFunction(at: pc) }
      var here = operandPhases(instruction).intersection(instruction.opcode.phases)
      if instruction.opcode == .call {
        let callee = Int(instruction.c)
        guard callee < functionPhases.count, callee < index else { throw .callNotBackward(at: pc) }
        here = functionPhases[callee]
        depth = max(depth, functionDepths[callee] + 1)
        guard depth <= ImageFormat.callDepthMax else { throw .callTooDeep(at: pc) }
      }
      phases = phases.intersection(here)
      if let owner, !here.contains(owner) { throw .phase(owner, at: pc) }
    }
    switch program.code[end - 1].opcode {
    case .halt, .return, .verdict: break
    default: throw .blockDoesNotEnd(index: index)
    }
    if isFunction {
      functionPhases.append(phases)
      functionDepths.append(depth)
    }
  }

  /// The phases in which an instruction's operands have a meaning.
  private func operandPhases(_ instruction: Instruction) -> PhaseSet {
    switch instruction.opcode {
    case .textFact, .numberFact, .factPresent:
      Fact(rawValue: UInt8(instruction.c))?.info.phases ?? .none
    case .textNamedFact, .namedFactPresent:
      FactFamily(rawValue: UInt8(instruction.b))?.phases ?? .none
    case .matchEnvelope: EnvelopePart(rawValue: UInt8(instruction.b))?.phases ?? .none
    case .textVariable, .textStore:
      program.variables[Int(instruction.c)].scope.phases
    case .verdict: program.replies[Int(instruction.c)].phases
    default: .all
    }
  }

  private func verify(_ operand: Operand, _ value: UInt32, _ pc: Int, _ end: Int) throws(Flaw) {
    switch operand {
    case .none: guard value == 0 else { throw .fieldNotZero(at: pc) }
    case .truthIn, .truthOut: try verify(value, in: RegisterBank.truths, pc)
    case .numberIn, .numberOut: try verify(value, in: RegisterBank.numbers, pc)
    case .textIn, .textOut: try verify(value, in: RegisterBank.texts, pc)
    case .target:
      guard Int(value) > pc else { throw .targetNotForward(at: pc) }
      guard Int(value) < end else { throw .targetOutsideBlock(at: pc) }
    case .numberFact:
      guard let fact = Fact(rawValue: UInt8(clamping: value)), fact.info.kind == .number else {
        throw .operandOutOfRange(at: pc)
      }
    case .names: try verify(value, isSet: .folded, pc)
    case .set: try verify(value, isSet: .addresses, pc)
    default: guard Int(value) < limit(of: operand) else { throw .operandOutOfRange(at: pc) }
    }
  }

  private func verify(_ value: UInt32, in bank: Range<Int>, _ pc: Int) throws(Flaw) {
    guard bank.contains(Int(value)) else { throw .wrongBank(at: pc) }
  }

  private func verify(_ value: UInt32, isSet kind: SetKind, _ pc: Int) throws(Flaw) {
    guard Int(value) < program.sets.count, program.sets[Int(value)].kind == kind else {
      throw .operandOutOfRange(at: pc)
    }
  }

  /// How many things an index operand can point to.
  private func limit(of operand: Operand) -> Int {
    switch operand {
    case .function: Int(program.functionCount)
    case .rule: program.rules.count
    case .probe: program.probes.count
    case .policy: program.policies.count
    case .string: program.strings.count
    case .number: program.numbers.count
    case .variable: program.variables.count
    case .spec: program.specs.count
    case .check: program.checks.count
    case .reply: program.replies.count
    case .headerEdit: program.headerEdits.count
    case .partEdit: program.partEdits.count
    case .fact, .textFact: Fact.allCases.count
    case .factFamily: FactFamily.allCases.count
    case .group: ImageFormat.matchGroupsMax
    case .envelopePart: EnvelopePart.allCases.count
    case .ipSide: IPSide.allCases.count
    case .partField: PartField.allCases.count
    case .partQuestion: PartQuestion.allCases.count
    case .logLevel: LogLevel.allCases.count
    case .bit: 2
    default: 0
    }
  }
}

extension VariableScope {
  /// Where a variable of this scope can be set and read.
  package var phases: PhaseSet {
    switch self {
    case .run, .session: .all
    case .message: .from(.mail)
    case .recipient: PhaseSet([.rcpt])
    }
  }
}

extension Reply {
  /// The phases in which this verdict is possible, by the phase table.
  package var phases: PhaseSet {
    PhaseSet(
      Phase.allCases.filter { phase in
        switch kind.action.reach(in: phase) {
        case .no: false
        case .onlyMessage: wholeMessage
        case .recipientOrMessage, .partOrMessage, .message, .recipient, .session: true
        case .here, .recorded, .thisPart: false
        }
      })
  }
}

extension VerdictKind {
  package var action: Action {
    switch self {
    case .accept: .accept
    case .reject: .reject
    case .tempfail: .tempfail
    case .discard: .discard
    }
  }
}
