// The statements of a rule, definition or plain script: if-chains, actions, and what can be
// reached.

import RuleBytecode

/// Checks one block of statements.
struct StatementChecker {
  /// What makes the rest of a block unreachable.
  private struct End {
    let name: String
    let range: SourceRange
    let isVerdict: Bool
  }

  private let place: DeclarationProblem.Place
  private var body: [CheckedStatement] = []
  private var chain: Chain?
  /// Branches without an `if`: the first was reported.
  private var isChainLost = false
  private var end: End?
  private var isUnreachableReported = false

  /// An `if` with its `elsif` and `else` so far.
  private struct Chain {
    var range: SourceRange
    var branches: [CheckedStatement.Branch] = []
    var isSound = true
    var hasElse = false
    var everyBranchEnds = true
    /// Match variables when no test so far was true, and behind any of the branches.
    var groupsIfFalse: Int?
    var groupsBehind: Int?
  }

  /// Checks a block; the result says whether its end can be reached.
  static func check(
    _ commands: some Sequence<Command>, in place: DeclarationProblem.Place,
    _ context: inout CheckContext
  ) -> (body: [CheckedStatement], isEnded: Bool) {
    var checker = StatementChecker(place: place)
    for command in commands { checker.check(command, &context) }
    checker.closeChain(&context)
    return (checker.body, checker.end != nil)
  }

  private init(place: DeclarationProblem.Place) { self.place = place }

  private mutating func check(_ command: Command, _ context: inout CheckContext) {
    let name = command.name.text
    if name == "elsif" || name == "else" {
      checkFurtherBranch(command, &context)
      return
    }
    if chain != nil, ForeignWords.commands[name] == "elsif" {
      context.report(
        .name(.unknownCommand(name, nearest: "elsif")), at: command.name.range)
      checkBranch(command, Self.elsifSignature, &context)
      return
    }
    closeChain(&context)
    isChainLost = false
    reportUnreachable(command, &context)
    if name == "if" {
      checkIf(command, &context)
    } else if name == "foreverypart" || name == "for_each_rcpt" {
      guard context.allowInTimer(name, false, at: command.name.range) else { return }
      checkLoop(command, &context)
    } else if name == "include", !context.file.isPolicy {
      if let included = context.includedStatement(command) {
        body.append(CheckedStatement(range: command.range, form: .included(included)))
      }
    } else if name == "global" {
      context.checkGlobal(command)
    } else if context.isTestSuite, checkSuite(command, &context) {
      return
    } else if let action = Registry.actions[name] {
      check(action, command, &context)
    } else {
      checkMisplaced(command, &context)
    }
  }

  // MARK: Suites

  /// Checks a command of the suite's own; false when it is none.
  private mutating func checkSuite(_ command: Command, _ context: inout CheckContext) -> Bool {
    let name = command.name.text
    if name == "test" {
      checkSuiteBlock(command, &context)
      return true
    }
    guard let signature = SuiteSheet.commands[name] else { return false }
    if let code = context.suiteCommand(command, signature) {
      body.append(CheckedStatement(range: command.range, form: .action(code)))
    } else {
      context.hasHoles = true
    }
    return true
  }

  private mutating func checkSuiteBlock(_ command: Command, _ context: inout CheckContext) {
    let call = ArgumentBinder.bind(command, SuiteSheet.block, &context)
    if context.isInSuiteTest { context.report(.test(.nestedTest), at: command.name.range) }
    let outer = context.isInSuiteTest
    context.isInSuiteTest = true
    let (inner, _) = Self.check(command.block?.commands ?? [], in: .rule, &context)
    context.isInSuiteTest = outer
    guard let literal = call?.string(0) else {
      context.hasHoles = true
      return
    }
    let words = [context.suitePlace(command.name.range)]
    let block = SuiteBlock(
      begin: SuiteQuestion(command: "begin", words: words, texts: [TextValue(literal.value)]),
      end: SuiteQuestion(command: "end", words: words), body: inner)
    body.append(CheckedStatement(range: command.range, form: .action(block)))
  }

  // MARK: Actions

  private mutating func check(
    _ action: any ActionCommand.Type, _ command: Command, _ context: inout CheckContext
  ) {
    noteEnd(action, command, &context)
    guard let call = ArgumentBinder.bind(command, action.signature, &context) else {
      context.hasHoles = true
      checkLostBlock(command, &context)
      return
    }
    // In a definition nothing shows which loops are around its uses.
    let isAnywhere = context.place.phase == nil && context.partLoop == nil
    let possible = isAnywhere ? action.action.phasesOutsideLoops : action.action.phases
    let name = command.name.text
    let isAllowed = TimerRights.actions.contains(action.action)
    guard context.allowInTimer(name, isAllowed, at: command.name.range) else {
      context.hasHoles = true
      return
    }
    let isPossible =
      context.isInTimer
      || context.limit(to: possible, as: name, at: command.name.range) {
        .actionNotPossible(
          name, phase: $0.name, need: action.signature.need, possible: possible.phases.map(\.name))
      }
    let isOfPart = action.action.reach(in: .eom) == .loopPart
    let hasPart = !isOfPart || context.hasPart(for: name, at: command.name.range)
    context.tableFailures = .none
    let noted = context.factChecks.count
    let checked = isPossible && hasPart ? action.check(call, &context) : nil
    let checks = context.takeFactChecks(behind: noted)
    guard var code = checked else {
      context.hasHoles = true
      return
    }
    // An action is done at once; only tests wait for an answer.
    if context.tableFailures.isPossible {
      let problem = ArgumentProblem.matchTypeNotPossible(
        "list", of: name + " with a table that is asked outside",
        possible: ["is", "contains", "matches"])
      context.report(.argument(problem), at: call.tag("list")?.range ?? command.name.range)
    }
    if isOfPart, var planned = code as? PlannedAction {
      planned.loop = context.partLoop
      code = planned
    }
    body.append(
      CheckedStatement(
        range: command.range, form: .action(code),
        factChecks: checks.map { ($0, context.policy(for: $0.failures)) }))
  }

  private mutating func noteEnd(
    _ action: any ActionCommand.Type, _ command: Command, _ context: inout CheckContext
  ) {
    guard end == nil, action.ending != .goesOn else { return }
    // A plain `discard` only cancels the implicit keep; `stop` behind a `reject` is good Sieve.
    if !context.file.isPolicy && action.ending == .verdict { return }
    end = End(
      name: command.name.text, range: command.name.range, isVerdict: action.ending == .verdict)
  }

  private mutating func reportUnreachable(_ command: Command, _ context: inout CheckContext) {
    guard let end, !isUnreachableReported else { return }
    isUnreachableReported = true
    let name = command.name.text
    let note = Diagnostic.Note(.verdict(end.name), at: end.range)
    let isOtherVerdict = end.isVerdict && (end.name == "accept") != (name == "accept")
    if isOtherVerdict, Registry.actions[name]?.ending == .verdict {
      context.report(
        .flow(.acceptAndReject(name, after: end.name)), at: command.name.range, notes: [note])
    } else {
      context.report(
        .flow(.unreachable(after: end.name)), at: command.name.range, notes: [note])
    }
  }

  // MARK: if

  private static let ifSignature = Signature(name: "if", tests: .one, block: .required)
  private static let elsifSignature = Signature(name: "elsif", tests: .one, block: .required)
  private static let elseSignature = Signature(name: "else", block: .required)

  private mutating func checkIf(_ command: Command, _ context: inout CheckContext) {
    var chain = Chain(range: command.range)
    chain.groupsIfFalse = context.captures.groups
    self.chain = chain
    checkBranch(command, Self.ifSignature, &context)
  }

  private mutating func checkFurtherBranch(_ command: Command, _ context: inout CheckContext) {
    let name = command.name.text
    guard let chain else {
      if context.file.isStructureReliable, !isChainLost {
        context.report(.declaration(.elsifWithoutIf(name)), at: command.name.range)
      }
      // Its test is not read.
      context.hasHoles = true
      isChainLost = true
      checkLostBlock(command, &context)
      return
    }
    if chain.hasElse {
      context.report(.declaration(.elseTwice(name)), at: command.name.range)
      checkLostBlock(command, &context)
      return
    }
    checkBranch(command, name == "else" ? Self.elseSignature : Self.elsifSignature, &context)
  }

  private mutating func checkBranch(
    _ command: Command, _ signature: Signature, _ context: inout CheckContext
  ) {
    guard var chain else { return }
    self.chain = nil
    context.captures.groups = chain.groupsIfFalse
    let call = ArgumentBinder.bind(command, signature, &context)
    var condition: CheckedCondition?
    if signature.tests == .one {
      condition = command.arguments.tests.first.flatMap { context.condition($0) }
      chain.isSound = chain.isSound && condition != nil
      chain.groupsIfFalse = context.captures.groupsIfFalse
    } else {
      chain.hasElse = true
    }
    chain.isSound = chain.isSound && call != nil
    if let test = command.arguments.tests.first, signature.tests == .one,
      TestIhave.decision(of: test, context) == false
    {
      // Its block may hold what nobody knows here: it is not there.
      self.chain = chain
      return
    }
    let block = Self.check(command.block?.commands ?? [], in: .ifBlock, &context)
    chain.everyBranchEnds = chain.everyBranchEnds && block.isEnded
    chain.groupsBehind = CaptureScope.larger(chain.groupsBehind, context.captures.groups)
    chain.branches.append(.init(condition: condition, body: block.body))
    self.chain = chain
  }

  private mutating func closeChain(_ context: inout CheckContext) {
    guard let chain else { return }
    self.chain = nil
    let groupsIfNone = chain.hasElse ? nil : chain.groupsIfFalse
    context.captures.groups = CaptureScope.larger(chain.groupsBehind, groupsIfNone)
    if chain.hasElse && chain.everyBranchEnds && end == nil {
      end = End(name: "if", range: chain.range.start, isVerdict: false)
    }
    if chain.isSound {
      body.append(CheckedStatement(range: chain.range, form: .conditional(chain.branches)))
    } else {
      context.hasHoles = true
    }
  }

  // MARK: Loops

  private mutating func checkLoop(_ command: Command, _ context: inout CheckContext) {
    let groups = context.captures.groups
    let loop =
      command.name.text == "foreverypart"
      ? LoopForeverypart.check(command, &context) : LoopForEachRcpt.check(command, &context)
    if let loop {
      body.append(CheckedStatement(range: command.range, form: .loop(loop)))
    } else {
      context.hasHoles = true
    }
    // The block may not have run at all.
    context.captures.groups = CaptureScope.larger(groups, context.captures.groups)
  }

  // MARK: What does not belong here

  private mutating func checkMisplaced(_ command: Command, _ context: inout CheckContext) {
    let name = command.name.text
    let range = command.name.range
    context.hasHoles = true
    if Registry.tests[name] != nil {
      context.report(.name(.testAsCommand(name)), at: range)
    } else if context.isRefused(name, at: range)
      || (command.mayBelongAbove && !Registry.structure.contains(name))
    {
      // That is all there is to say.
    } else if !Registry.structure.contains(name) {
      let known = Array(Registry.actions.keys) + Registry.structure
      let nearest = context.command(meantBy: name, among: known)
      context.report(.name(.unknownCommand(name, nearest: nearest)), at: range)
      isChainLost = true
    } else if name == "on_error" {
      context.report(.failure(.wrongPlace), at: range)
    } else if name == "require" {
      context.report(.declaration(.requireNotFirst), at: range)
    } else if context.file.isStructureReliable {
      context.report(.declaration(misplaced(name)), at: range)
    }
    // `foreach part { drop; }`: what it holds was meant for a loop.
    if ForeignWords.commands[name] == "foreverypart" { return }
    let isOuter = name == "phase" || name == "group"
    for inner in isOuter ? command.block?.commands ?? [] : [] where inner.name.text == "rule" {
      checkLostBlock(inner, &context)
    }
    if !isOuter { checkLostBlock(command, &context) }
  }

  private func misplaced(_ name: String) -> DeclarationProblem {
    switch (name, place) {
    case ("rule", .rule), ("rule", .ifBlock), ("rule", .definition), ("rule", .loop): .ruleInRule
    case _ where name == "phase" || Registry.topLevel.contains(name):
      .misplaced(name, found: place, allowed: [.topLevel])
    default: .misplaced(name, found: place, allowed: [.topLevel, .phase("")])
    }
  }

  /// The mistakes inside a block that has no place are mistakes too.
  private mutating func checkLostBlock(_ command: Command, _ context: inout CheckContext) {
    guard let block = command.block else { return }
    let groups = context.captures.groups
    context.captures.groups = ImageFormat.matchGroupsMax - 1
    _ = Self.check(block.commands, in: place, &context)
    context.captures.groups = groups
  }
}
