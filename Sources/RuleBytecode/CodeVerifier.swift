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
    // A job of `every` has a phase's registers and none of its facts.
    let isTimer = program.timers.contains { Int($0.block) == index }
    var phases = PhaseSet.all
    var depth = 0
    var loops = LoopNesting()
    for pc in start..<end {
      let instruction = program.code[pc]
      let shape = instruction.opcode.shape
      try verify(shape.a, UInt32(instruction.a), pc, end)
      try verify(shape.b, UInt32(instruction.b), pc, end)
      try verify(shape.c, instruction.c, pc, end)
      try loops.follow(instruction, at: pc)
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
      if isTimer, !TimerRights.allow(instruction, in: program) { throw .phase(.connect, at: pc) }
    }
    try loops.end(at: end - 1)
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
    case .textFact, .factPresent:
      Fact(rawValue: UInt8(instruction.c))?.phases(inLoop: instruction.b > 0) ?? .none
    case .numberFact: Fact(rawValue: UInt8(instruction.c))?.info.phases ?? .none
    case .textNamedFact, .namedFactPresent:
      FactFamily(rawValue: UInt8(instruction.b))?.phases ?? .none
    case .query: program.queries[Int(instruction.c)].phases
    case .check: program.checks[Int(instruction.c)].kind.info.phases
    case .act: program.actions[Int(instruction.c)].phases
    case .partSize: PhaseSet([instruction.c == 0 ? .part : .eom])
    case .textPart: PhaseSet([instruction.b == 0 ? .part : .eom])
    case .loopBegin: instruction.b == 1 ? PhaseSet([.eom]) : .from(.message)
    case .textVariable, .textStore:
      // In `eom` inside a loop over recipients; outside of one they are empty.
      program.variables[Int(instruction.c)].scope == .recipient
        ? PhaseSet([.rcpt, .eom]) : program.variables[Int(instruction.c)].scope.phases
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
    case .loopStart:
      guard Int(value) < pc else { throw .loopOutOfPlace(at: pc) }
    default: guard Int(value) < limit(of: operand) else { throw .operandOutOfRange(at: pc) }
    }
  }

  private func verify(_ value: UInt32, in bank: Range<Int>, _ pc: Int) throws(Flaw) {
    guard bank.contains(Int(value)) else { throw .wrongBank(at: pc) }
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
    case .query: program.queries.count
    case .check: program.checks.count
    case .reply: program.replies.count
    case .action: program.actions.count
    case .fact: Fact.allCases.count
    case .factFamily: FactFamily.allCases.count
    case .group: ImageFormat.matchGroupsMax
    case .modifier: TextModifier.allCases.count
    case .loop: ImageFormat.loopsMax
    case .loopOrNone: ImageFormat.loopsMax + 1
    case .loopKind: ImageFormat.loopsMax + 2
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
    if endsTurn { return PhaseSet([.eom]) }
    return PhaseSet(
      Phase.allCases.filter { phase in
        switch kind.action.reach(in: phase) {
        case .no: false
        case .onlyMessage: wholeMessage
        case .recipientOrMessage, .partOrMessage, .message, .recipient, .session: true
        case .here, .recorded, .thisPart, .loopPart: false
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

/// Loops nest: a `loop-next` leads back behind the latest `loop-begin` that has no end yet, and
/// that one's exit is the instruction behind it. So a jump backwards is always a loop's next turn,
/// and a loop's place in the machine is not taken twice at a time.
private struct LoopNesting {
  private var open: [(slot: UInt8, start: Int, exit: UInt32)] = []

  mutating func follow(_ instruction: Instruction, at pc: Int) throws(Flaw) {
    switch instruction.opcode {
    case .loopBegin:
      guard !open.contains(where: { $0.slot == instruction.a }) else {
        throw .loopOutOfPlace(at: pc)
      }
      if case .parts(.some(let outer))? = LoopKind(code: Int(instruction.b)),
        !open.contains(where: { Int($0.slot) == outer })
      {
        throw .loopOutOfPlace(at: pc)
      }
      open.append((instruction.a, pc, instruction.c))
    case .loopNext:
      guard let loop = open.popLast(), loop.slot == instruction.a,
        Int(instruction.c) == loop.start + 1, Int(loop.exit) == pc + 1
      else { throw .loopOutOfPlace(at: pc) }
    default: break
    }
  }

  func end(at pc: Int) throws(Flaw) {
    guard open.isEmpty else { throw .loopOutOfPlace(at: pc) }
  }
}
