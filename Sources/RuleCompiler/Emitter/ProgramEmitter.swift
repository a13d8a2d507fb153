// `CheckedScript` to `Program`: the functions in the order of their definition, then one block for
// each phase (docs/OPCODES.md).

import RuleBytecode

struct ProgramEmitter {
  private let script: CheckedScript
  private let sources: SourceSet
  private var out: BlockEmitter
  private var program = Program()
  /// Where each rule of the program stands.
  private var ruleRanges: [SourceRange] = []

  /// The program, or the place of what does not fit the machine.
  static func emit(
    _ script: CheckedScript, _ sources: SourceSet, _ options: CompilerOptions
  ) -> (program: Program?, ruleRanges: [SourceRange], tooLarge: SourceRange?) {
    var emitter = ProgramEmitter(script, sources)
    emitter.out.countsBranches = options.countsBranches
    emitter.out.isTestSuite = options.isTestSuite
    emitter.run()
    if let place = emitter.out.overflow { return (nil, [], place) }
    return (emitter.program, emitter.ruleRanges, nil)
  }

  private init(_ script: CheckedScript, _ sources: SourceSet) {
    self.script = script
    self.sources = sources
    out = BlockEmitter(sources, captured: script.capturedMatches)
  }

  private mutating func run() {
    // The machine answers the caps on its input by the first policy.
    _ = out.pool.policy(script.filePolicy)
    program.files = sources.code.map { out.pool.string($0.name) }
    program.tables = script.tables.map { out.pool.table($0) }
    out.onceFiles = script.onceFiles
    out.isFunction = true
    for function in script.functions { emit(function) }
    out.isFunction = false
    program.functionCount = UInt32(script.functions.count)
    program.declarations = script.declarations.map { out.pool.declaration($0) }
    for phase in script.phases { emit(phase) }
    for timer in script.timers { emit(timer) }
    program.code = out.code
    program.sourceMap = out.marks
    program.probes = out.probes
    program.rules = out.rules
    out.pool.fill(&program)
    let bytes = sources.code.flatMap(\.bytes)
    program.sourceDigest = SHA256.digest(of: bytes.span)
  }

  private mutating func beginBlock(_ name: String, calling callees: Set<Int>) {
    let block = RuleBytecode.Block(name: out.pool.string(name), start: UInt32(out.code.count))
    program.blocks.append(block)
    out.beginBlock(calling: callees)
  }

  // MARK: Functions

  private mutating func emit(_ function: CheckedFunction) {
    beginBlock(function.name, calling: function.callees)
    out.mark(function.range)
    switch function.body {
    case .test(let test):
      let register = out.truth()
      out.value(of: test, into: register)
      out.emit(.truthCopy, a: BlockEmitter.result, b: Int(register))
      out.emit(.return)
      out.functions.append(.init(end: out.end, mayLeave: false))
    case .statements(let statements): emit(statements)
    }
  }

  /// A block of commands returns whether its caller is to leave the rule.
  private mutating func emit(_ statements: [CheckedStatement]) {
    let leave = out.label()
    out.leave = leave
    out.statements(statements)
    out.emit(.truthConstant, a: BlockEmitter.result, c: 0)
    out.emit(.return)
    let mayLeave = out.isUsed(leave)
    if mayLeave {
      out.bind(leave)
      out.emit(.truthConstant, a: BlockEmitter.result, c: 1)
      out.emit(.return)
    }
    out.functions.append(.init(end: out.end, mayLeave: mayLeave))
  }

  // MARK: Phases

  private mutating func emit(_ checked: CheckedPhase) {
    let phase = checked.phase
    let block = UInt32(program.blocks.count)
    program.phases.append(PhaseEntry(phase: phase, block: block))
    beginBlock(phase.name, calling: script.callees[phase] ?? [])
    emit(checked.items, in: phase)
    out.emit(.halt)
  }

  private mutating func emit(_ timer: CheckedTimer) {
    let block = UInt32(program.blocks.count)
    program.timers.append(RuleBytecode.Timer(seconds: UInt32(timer.seconds), block: block))
    beginBlock(timer.rule.name, calling: [])
    emit(timer.rule, in: .connect)
    out.emit(.halt)
  }

  private mutating func emit(_ items: [CheckedItem], in phase: Phase) {
    for item in items {
      switch item {
      case .rule(let rule): emit(rule, in: phase)
      case .group(let group): emit(group, in: phase)
      case .file(let items): emit(file: items, in: phase)
      }
    }
  }

  private mutating func emit(file items: [CheckedItem], in phase: Phase) {
    let outer = out.scriptEnd
    let end = out.label()
    out.scriptEnd = end
    emit(items, in: phase)
    out.bind(end)
    out.scriptEnd = outer
  }

  private mutating func emit(_ group: CheckedGroup, in phase: Phase) {
    let end = out.label()
    out.beginGroup(group.condition.test.range)
    out.condition(group.condition, otherwise: end, leave: end)
    emit(group.items, in: phase)
    out.bind(end)
  }

  private mutating func emit(_ rule: CheckedRule, in phase: Phase) {
    out.mark(rule.range)
    let info = RuleInfo(
      name: out.pool.string(rule.name), phase: phase, mode: rule.mode,
      severity: out.pool.string(rule.severity), reference: out.pool.string(rule.reference),
      place: out.places.place(of: rule.range))
    out.rules.append(info)
    ruleRanges.append(rule.place)
    out.emit(.rule, c: UInt32(out.rules.count - 1))
    let end = out.label()
    out.leave = end
    out.scratch { out in
      if rule.isPlain { out.plainScript(rule.body, end: end) } else { out.statements(rule.body) }
    }
    out.bind(end)
  }
}

extension BlockEmitter {
  mutating func statements(_ statements: [CheckedStatement]) {
    for statement in statements {
      mark(statement.range)
      ask(statement)
      switch statement.form {
      case .action(let action): scratch { action.emit(&$0) }
      case .conditional(let branches): conditional(branches)
      case .loop(let checked): loop(checked)
      case .included(let checked): inclusion(checked)
      }
    }
  }

  /// An action is not done when what its texts read could not be asked (LANGUAGE.md §8).
  private mutating func ask(_ statement: CheckedStatement) {
    guard let (checks, policy) = statement.factChecks, let leave else { return }
    scratch { out in
      let register = out.truth()
      checks.emit(into: register, &out)
      out.jump(.settle, a: register, b: Int(out.pool.policy(policy)), to: leave)
    }
  }

  private mutating func conditional(_ branches: [CheckedStatement.Branch]) {
    guard let leave else { return }
    let end = label()
    for (index, branch) in branches.enumerated() {
      let otherwise = label()
      test(of: branch, otherwise: otherwise, leave: leave)
      statements(branch.body)
      if index < branches.count - 1 { jump(.jump, to: end) }
      bind(otherwise)
    }
    bind(end)
  }

  private mutating func test(
    of branch: CheckedStatement.Branch, otherwise: Label, leave: Label
  ) {
    guard let condition = branch.condition else { return }
    self.condition(condition, otherwise: otherwise, leave: leave)
  }

  /// RFC 5228: what a script asks for counts when it is over; `stop` ends all scripts.
  fileprivate mutating func plainScript(_ body: [CheckedStatement], end: Label) {
    let script = PlainScript(stopped: truth(), end: label())
    emit(.truthConstant, a: script.stopped, c: 0)
    plain = script
    let outer = scriptEnd
    scriptEnd = nil
    beginInclusions(onceFiles)
    statements(body)
    scriptEnd = outer
    plain = nil
    bind(script.end)
    emit(.scriptEnd)
    jump(.jumpIfFalse, a: script.stopped, to: end)
    emit(.halt)
  }
}
