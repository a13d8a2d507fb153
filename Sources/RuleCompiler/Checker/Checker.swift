// `Script` to `CheckedScript`: the files of a policy in their order, what they require and
// declare, and their phases.

import RuleBytecode

package struct Checker {
  var context: CheckContext
  private let scripts: [Script]
  private var scopes: [FileScope] = []
  private var functions: [CheckedFunction] = []
  private var items: [Phase: [CheckedItem]] = [:]
  private var ruleCount = 0

  /// The checked policy; nil when a mistake keeps it from running.
  package static func check(
    _ scripts: [Script], _ sources: SourceSet, diagnostics: inout Diagnostics
  ) -> CheckedScript? {
    var checker = Checker(scripts, sources, diagnostics)
    checker.run()
    diagnostics = checker.context.diagnostics
    return diagnostics.hasErrors ? nil : checker.result
  }

  private init(_ scripts: [Script], _ sources: SourceSet, _ diagnostics: Diagnostics) {
    self.scripts = scripts
    context = CheckContext(sources: sources, diagnostics: diagnostics)
  }

  private mutating func run() {
    scopes = scripts.map { scope(of: $0) }
    context.names = NameCollector.collect(scripts, plain: scopes.map { !$0.isPolicy })
    for index in scripts.indices {
      context.file = scopes[index]
      context.innerAnswers = FailureAnswers()
      readFileAnswers(of: scripts[index])
      scopes[index] = context.file
      if context.file.isPolicy {
        checkPolicy(scripts[index])
      } else {
        checkPlain(scripts[index])
      }
    }
    reportUnused()
  }

  private var result: CheckedScript {
    CheckedScript(
      filePolicy: (scopes.first?.answers ?? FailureAnswers()).policy, functions: functions,
      phases: Phase.allCases.compactMap { phase in
        items[phase].flatMap { $0.isEmpty ? nil : CheckedPhase(phase: phase, items: $0) }
      },
      callees: context.callees, capturedMatches: context.capturedMatches)
  }

  // MARK: Files

  private static let requireSignature = Signature(
    name: "require", positional: [.init("capabilities", .strings)])

  private mutating func scope(of script: Script) -> FileScope {
    let first = script.commands.first { $0.name.text == "require" }
    // Behind a byte order mark.
    let firstByte = context.sources.files[script.file].bytes(ofLine: 1).lowerBound
    let start = SourceRange(file: script.file, bytes: firstByte..<firstByte)
    var scope = FileScope(file: script.file, requirePlace: first?.range.start ?? start)
    scope.isStructureReliable = script.isStructureReliable
    context.file = scope
    var isBehind = false
    for command in script.commands {
      if command.name.text == "require" {
        if isBehind {
          context.report(.declaration(.requireNotFirst), at: command.name.range)
        }
        require(command)
      } else {
        isBehind = true
      }
    }
    adoptPolicy(script)
    return context.file
  }

  private mutating func require(_ command: Command) {
    for item in command.arguments.items {
      for literal in item.strings ?? [] { require(literal) }
    }
    _ = ArgumentBinder.bind(command, Self.requireSignature, &context)
  }

  private mutating func require(_ literal: StringLiteral) {
    let name = literal.value
    if Capability.known.contains(name) {
      context.file.capabilities.insert(name)
      if name == Capability.ours { context.file.isPolicy = true }
    } else if Capability.refused.contains(name) || name.hasPrefix("vnd.dovecot.") {
      context.report(.name(.refusedCapability(name)), at: literal.range)
    } else {
      let nearest = Nearest.name(to: name, among: Capability.known)
      context.report(.name(.unknownCapability(name, nearest: nearest)), at: literal.range)
      // A mistyped name was meant to bring something; that it is missing is no second mistake.
      if let nearest { context.file.capabilities.insert(nearest) }
      if nearest == Capability.ours { context.file.isPolicy = true }
    }
  }

  /// A file with phases is meant for us, whatever it forgot to say.
  private mutating func adoptPolicy(_ script: Script) {
    let shapes: Set = ["phase", "rule", "group", "define", "table", "on_error"]
    guard !context.file.isPolicy,
      let command = script.commands.first(where: { shapes.contains($0.name.text) })
    else { return }
    context.demand(.ours, for: command.name.text, at: command.name.range)
    context.file.isPolicy = true
  }

  private mutating func readFileAnswers(of script: Script) {
    var answers = FailureAnswers()
    for command in script.commands where command.name.text == "on_error" {
      let more = context.answers(command)
      for failure in FailureClass.allCases where answers[failure] != nil {
        guard more[failure] != nil else { continue }
        let range = command.arguments.items.first { $0.tag == failure.name }?.range
        context.report(
          .failure(.duplicateClass(failure.name)), at: range ?? command.name.range)
      }
      answers = answers.inside(more)
    }
    context.file.answers = answers
  }

  /// A file without `require "defang"`: its body is the eom phase.
  private mutating func checkPlain(_ script: Script) {
    let body = script.commands.filter { $0.name.text != "require" }
    guard let first = body.first, let last = body.last else { return }
    context.place = RunPlace(.eom)
    context.captures = CaptureScope()
    let (statements, _) = StatementChecker.check(body, in: .topLevel, &context)
    let rule = CheckedRule(
      name: context.sources.files[script.file].name, range: first.range.through(last.range),
      body: statements, isPlain: true)
    ruleCount += 1
    items[.eom, default: []].append(.rule(rule))
  }

  private mutating func checkPolicy(_ script: Script) {
    for command in script.commands {
      switch command.name.text {
      case "require", "on_error": break
      case "define": checkDefinition(command)
      case "table": context.checkTable(command)
      case "phase":
        for (phase, more) in checkPhase(command) { items[phase, default: []] += more }
      case "group":
        for (phase, more) in checkOuterGroup(command) { items[phase, default: []] += more }
      default: checkMisplaced(command, in: .topLevel)
      }
    }
  }

  // MARK: Definitions

  private static let defineSignature = Signature(
    name: "define", availability: .ours, positional: [.init("name", .string)], tests: .optional,
    block: .optional)

  private mutating func checkDefinition(_ command: Command) {
    let call = ArgumentBinder.bind(command, Self.defineSignature, &context)
    let literal = call?.string(0) ?? command.arguments.items.last?.strings?.first
    let name = literal.flatMap { declare($0, kind: .define) }
    context.place = RunPlace(nil)
    context.captures = CaptureScope()
    context.innerAnswers = FailureAnswers()
    context.openDefinition = literal?.value
    context.callDepth = 0
    let body = definitionBody(command)
    context.openDefinition = nil
    guard call != nil, let literal, let name, let body else {
      context.hasHoles = true
      return
    }
    if context.callDepth >= ImageFormat.callDepthMax {
      context.report(.flow(.tooComplex("define")), at: literal.range)
    }
    add(name, literal.range, body)
  }

  private mutating func definitionBody(_ command: Command) -> CheckedFunction.Body? {
    if let test = command.arguments.tests.first {
      if let block = command.block {
        context.report(.argument(.unexpectedBlock(of: "define")), at: block.openBrace)
      }
      return context.test(test).map { .test($0) }
    }
    guard let block = command.block else {
      if !command.isDamaged {
        context.report(.argument(.missingTest(of: "define")), at: command.name.range)
      }
      return nil
    }
    return .statements(StatementChecker.check(block.commands, in: .definition, &context).body)
  }

  private mutating func add(_ name: String, _ range: SourceRange, _ body: CheckedFunction.Body) {
    let test: CheckedTest? = if case .test(let test) = body { test } else { nil }
    context.names.definitions[name] = Definition(
      index: functions.count, isTest: test != nil, range: range,
      phases: context.place.possible, narrowing: context.place.narrowing,
      failures: test?.failures ?? .none, constant: test?.constant,
      groups: test == nil ? nil : context.captures.groups, matches: context.captures.live,
      depth: context.callDepth, answers: context.file.answers)
    functions.append(
      CheckedFunction(name: name, range: range, body: body, callees: context.place.callees))
  }

  /// Takes a name for a rule or definition; nil when it cannot be one.
  private mutating func declare(_ literal: StringLiteral, kind: DeclarationKind) -> String? {
    guard let name = context.constant(literal, "name", of: kind == .rule ? "rule" : "define")
    else { return nil }
    guard Literals.isDeclaredName(name) else {
      context.report(.literal(.badName(name, kind: kind)), at: literal.range)
      return nil
    }
    let first = kind == .rule ? context.names.rules[name] : context.names.definitions[name]?.range
    if let first {
      context.report(
        .declaration(.duplicateName(name, kind: kind)), at: literal.range,
        notes: [.init(.declared("\(kind == .rule ? "rule" : "define") \"\(name)\""), at: first)])
      return nil
    }
    return name
  }

  // MARK: Phases

  /// The items of a phase block.
  private mutating func checkPhase(_ command: Command) -> [(Phase, [CheckedItem])] {
    let phase = phaseName(command)
    context.place = RunPlace(phase)
    let outer = context.innerAnswers
    let place = DeclarationProblem.Place.phase(phase?.name ?? "")
    let items = checkItems(command.block?.commands ?? [], in: place)
    context.innerAnswers = outer
    guard let phase else { return [] }
    return [(phase, items)]
  }

  private mutating func phaseName(_ command: Command) -> Phase? {
    let arguments = command.arguments
    guard let name = arguments.tests.first?.name, arguments.testList == nil else {
      if !command.isDamaged {
        let range = arguments.items.first?.range ?? command.name.range
        context.report(.argument(.missing("name", expected: .test, of: "phase")), at: range)
      }
      return nil
    }
    if let extra = arguments.items.first?.range ?? arguments.tests[0].arguments.items.first?.range {
      context.report(.argument(.extra(of: "phase")), at: extra)
    }
    if command.block == nil, !command.isDamaged {
      context.report(.argument(.missingBlock(of: "phase")), at: command.name.range)
    }
    if let phase = Phase.allCases.first(where: { $0.name == name.text }) { return phase }
    let nearest = Nearest.name(to: name.text, among: Phase.allCases.map(\.name))
    context.report(.name(.unknownPhase(name.text, nearest: nearest)), at: name.range)
    return nil
  }

  /// Rules and groups of a phase or group.
  private mutating func checkItems(
    _ commands: [Command], in place: DeclarationProblem.Place
  ) -> [CheckedItem] {
    var items: [CheckedItem] = []
    let isPhase = if case .phase = place { true } else { false }
    for (index, command) in commands.enumerated() {
      switch command.name.text {
      case "on_error":
        if isPhase && index == 0 {
          context.innerAnswers = context.answers(command)
        } else {
          context.report(.failure(.wrongPlace), at: command.name.range)
        }
      case "rule": if let rule = checkRule(command) { items.append(.rule(rule)) }
      case "group": if let group = checkGroup(command) { items.append(group) }
      default: checkMisplaced(command, in: place)
      }
    }
    return items
  }

  private static let groupSignature = Signature(
    name: "group", availability: .ours, tests: .one, block: .required)

  private mutating func checkGroup(_ command: Command) -> CheckedItem? {
    let call = ArgumentBinder.bind(command, Self.groupSignature, &context)
    let condition = groupCondition(command)
    let inner = checkItems(command.block?.commands ?? [], in: .group)
    guard call != nil, let condition else { return nil }
    return .group(CheckedGroup(condition: condition, items: inner))
  }

  private mutating func groupCondition(_ command: Command) -> CheckedCondition? {
    context.captures = CaptureScope()
    return command.arguments.tests.first.flatMap { context.condition($0) }
  }

  /// A group around phases: its test is asked once in each run that has rules in it.
  private mutating func checkOuterGroup(_ command: Command) -> [Phase: [CheckedItem]] {
    let call = ArgumentBinder.bind(command, Self.groupSignature, &context)
    var inner: [Phase: [CheckedItem]] = [:]
    for command in command.block?.commands ?? [] {
      switch command.name.text {
      case "phase":
        for (phase, items) in checkPhase(command) { inner[phase, default: []] += items }
      case "group":
        for (phase, items) in checkOuterGroup(command) { inner[phase, default: []] += items }
      default: checkMisplaced(command, in: .group)
      }
    }
    var result: [Phase: [CheckedItem]] = [:]
    for phase in Phase.allCases {
      guard let items = inner[phase] else { continue }
      context.place = RunPlace(phase)
      guard let condition = groupCondition(command), call != nil else { continue }
      result[phase] = [.group(CheckedGroup(condition: condition, items: items))]
    }
    if inner.isEmpty {
      context.place = RunPlace(nil)
      _ = groupCondition(command)
    }
    return result
  }

  private static let ruleSignature = Signature(
    name: "rule", availability: .ours, positional: [.init("name", .string)], block: .required)

  private mutating func checkRule(_ command: Command) -> CheckedRule? {
    ruleCount += 1
    let call = ArgumentBinder.bind(command, Self.ruleSignature, &context)
    let literal = call?.string(0)
    let name = literal.flatMap { declare($0, kind: .rule) }
    if let name, let literal { context.names.rules[name] = literal.range }
    context.captures = CaptureScope()
    let outer = context.innerAnswers
    var commands = (command.block?.commands ?? [])[...]
    if let first = commands.first, first.name.text == "on_error" {
      context.innerAnswers = context.answers(first).inside(outer)
      commands = commands.dropFirst()
    }
    let (body, _) = StatementChecker.check(commands, in: .rule, &context)
    context.innerAnswers = outer
    guard let name, let call else {
      context.hasHoles = true
      return nil
    }
    return CheckedRule(name: name, range: call.range, body: body)
  }

  // MARK: What does not belong there

  private mutating func checkMisplaced(
    _ command: Command, in place: DeclarationProblem.Place
  ) {
    context.hasHoles = true
    let name = command.name.text
    let range = command.name.range
    if Registry.actions[name] == nil, !Registry.structure.contains(name) {
      if Registry.tests[name] != nil {
        context.report(.name(.testAsCommand(name)), at: range)
      } else {
        let known = Array(Registry.actions.keys) + Registry.structure
        let nearest = Nearest.name(to: name, among: known)
        context.report(.name(.unknownCommand(name, nearest: nearest)), at: range)
      }
      return
    }
    guard context.file.isStructureReliable else { return }
    context.report(.declaration(misplaced(name, in: place)), at: range)
  }

  private func misplaced(
    _ name: String, in place: DeclarationProblem.Place
  ) -> DeclarationProblem {
    switch name {
    case "require": return .requireNotFirst
    case "phase", "define", "table":
      return .misplaced(name, found: place, allowed: [.topLevel])
    case "rule", "group":
      return .misplaced(name, found: place, allowed: [.phase(""), .group])
    default:
      return place == .topLevel ? .statementAtTopLevel(name) : .statementOutsideRule(name, in: place)
    }
  }

  // MARK: Unused names

  /// Said only of what was wholly read: a name may be used in what could not be.
  private mutating func reportUnused() {
    if ruleCount == 0, !scripts.isEmpty, !context.diagnostics.hasErrors {
      let start = SourceRange(file: scripts[0].file, bytes: 0..<0)
      context.report(.declaration(.noRules), at: start)
    }
    if context.hasHoles || scripts.contains(where: { !$0.isStructureReliable }) { return }
    let names = context.names
    for (name, definition) in names.definitions where !names.usedDefinitions.contains(name) {
      context.report(.declaration(.unused(name, kind: .define)), at: definition.range)
    }
    for (name, table) in names.tables where !names.usedTables.contains(name) {
      context.report(.declaration(.unused(name, kind: .table)), at: table.range)
    }
    for (name, facts) in names.variables where !names.readVariables.contains(name) {
      context.report(.declaration(.unused(name, kind: .variable)), at: facts.first)
    }
  }
}
