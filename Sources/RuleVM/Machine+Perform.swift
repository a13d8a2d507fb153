// The instructions that leave the loop: one line each, the work is done by name elsewhere.
internal import RuleBytecode

extension Machine {
  @inline(never)
  mutating func perform(
    _ next: Instruction, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    let a = Int(next.a)
    switch next.opcode {
    case .numberFact:
      registers[a] = UInt64(bitPattern: try number(of: next.c, program))
    case .numberScore:
      let sum = currentScore
      registers[a] = UInt64(bitPattern: sum)
      if tracer.isOn { tracer.saw(ArraySlice(Decimal.text(sum).utf8)) }
    case .numberParse:
      let text = bytes(in: Int(next.c), program)
      try charge(text.count)
      if tracer.isOn { tracer.saw(text) }
      let value = Decimal.parse(text)
      registers[a] = UInt64(bitPattern: value ?? 0)
      registers[Int(next.b)] = value == nil ? 0 : 1
    case .textConstant:
      registers[a] = program.program.strings[Int(next.c)].word.bits
    case .textFact:
      registers[a] = try text(of: next.c, loop: Int(next.b), program).bits
    case .textNamedFact: registers[a] = (try named(next, program) ?? .empty).bits
    case .textVariable: registers[a] = variables[Int(next.c)]
    case .textBegin: builder.removeAll(keepingCapacity: true)
    case .textAdd: try addText(a, program)
    case .textEnd: registers[a] = try makeText(builder).bits
    case .textModify: registers[a] = try modified(Int(next.b), next.c, program).bits
    case .textPart:
      let characters = program.program.numbers[Int(next.c)]
      registers[a] =
        try extractedText(ofLoop: Int(next.b), characters: characters, program).bits
    case .numberAdd, .numberSubtract, .numberMultiply: calculate(next)
    case .numberText:
      let text = Decimal.text(Int64(bitPattern: registers[Int(next.b)]))
      registers[a] = try makeText(text.utf8).bits
    case .textStore: try setVariable(a, next.c, program)
    case .factPresent:
      registers[a] = try isPresent(next.c, loop: Int(next.b), program) ? 1 : 0
    case .namedFactPresent: registers[a] = try named(next, program) == nil ? 0 : 1
    case .probe: probe(registers[a], next.c, program)
    default: return try performHost(next, program)
    }
    return .next
  }

  private mutating func performHost(
    _ next: Instruction, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    let a = Int(next.a)
    metMatchLimit = false
    stepsTaken = 0
    switch next.opcode {
    case .query:
      let step = try query(a, Int(next.c), program)
      if metMatchLimit, step == .next { registers[a] = TruthWord.failure(failMatch()) }
      return step
    case .partSize: try partSize(next)
    case .check:
      let step = try check(a, next.c, program)
      if metMatchLimit, step == .next { registers[a] = TruthWord.failure(failMatch()) }
      return step
    case .verdict:
      let reply = program.program.replies[Int(next.c)]
      return try give(reply, text: a, program) ? .end : .next
    case .addScore: try addScore(a, symbol: next.c, isEach: next.b == 1, program)
    case .log: try log(a, level: next.c, program)
    case .stop:
      // With all rules observing the run is the one that would be: only verdicts are left out.
      let isObserved = ruleIndex.map { program.program.rules[Int($0)].mode == .observe } ?? false
      return isObserved ? .next : .end
    case .loopLeave: leaveTurns(program)
    case .scriptEnd: return endScript(program) ? .end : .next
    case .act:
      actFailure = nil
      try act(program.program.actions[Int(next.c)], program)
      if metMatchLimit { actFailure = failMatch() }
    case .actFailure: registers[a] = actFailure.map(TruthWord.failure) ?? TruthWord.no
    default: throw .misplaced(next.opcode.shape.name)
    }
    return .next
  }

  /// A comparison ended at one of its limits.
  private mutating func failMatch() -> FailureClass {
    failureReasons[.limit] = "a pattern took all its steps, or is too long"
    return .limit
  }

  private mutating func addText(
    _ register: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let text = bytes(in: register, program)
    try charge(text.count)
    guard builder.count + text.count <= limits.runSpaceBytesMax else {
      throw .spaceFull(name: "run", bytesMax: limits.runSpaceBytesMax)
    }
    builder.append(contentsOf: text)
  }

  private mutating func probe(
    _ truth: UInt64, _ index: UInt32, _ program: borrowing VerifiedProgram
  ) {
    if coverage.isOn {
      coverage.saw(index, truth == TruthWord.no ? .no : truth == TruthWord.yes ? .yes : .failed)
    }
    guard tracer.isOn else { return }
    traceRule(program)
    let outcome: TraceEvent.Outcome =
      TruthWord.failure(in: truth).map { .failed($0) } ?? (truth == TruthWord.yes ? .yes : .no)
    if tracer.isFull {
      let info = program.program.probes[Int(index)]
      let event = TraceEvent.test(
        text: program.program.string(info.text), location: program.program.location(info.place),
        values: tracer.values, outcome: outcome)
      tracer.add(event, limit: limits.traceEventsMax)
    }
    tracer.tested(index, outcome, of: ruleIndex)
  }

  @inline(never)
  mutating func noteRule(_ index: UInt32) {
    if coverage.isOn { coverage.ran(index) }
    if meter.takesTime { meter.enter(index) }
  }

  /// No rule runs: a group's test does, or nothing.
  @inline(never)
  mutating func leaveRule() { meter.enter(nil) }

  @inline(never)
  mutating func traceGroup(_ index: UInt32, _ program: borrowing VerifiedProgram) {
    _ = tracer.enters(nil)
    guard tracer.isFull else { return }
    let info = program.program.probes[Int(index)]
    tracer.add(
      .group(
        test: program.program.string(info.text), location: program.program.location(info.place)),
      limit: limits.traceEventsMax)
  }

  /// Notes the current rule once, before its first event.
  mutating func traceRule(_ program: borrowing VerifiedProgram) {
    guard tracer.isOn, tracer.enters(ruleIndex), let ruleIndex, tracer.isFull else { return }
    let rule = program.ruleNames[Int(ruleIndex)]
    tracer.add(
      .rule(name: rule.name, location: rule.location), limit: limits.traceEventsMax)
  }

  /// The running rule's name and place.
  func currentRule(_ program: borrowing VerifiedProgram) -> (name: String, location: String)? {
    ruleIndex.map { program.ruleNames[Int($0)] }
  }
}
