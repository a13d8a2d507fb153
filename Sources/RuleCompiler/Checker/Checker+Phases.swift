// `phase`, `group` and `rule`, and what does not belong into them.

import RuleBytecode

extension Checker {
  /// The items of a phase block.
  mutating func checkPhase(_ command: Command) -> [(Phase, [CheckedItem])] {
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
    let nearest =
      ForeignWords.phases[name.text]
      ?? context.nearest(to: name.text, among: Phase.allCases.map(\.name))
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
  mutating func checkOuterGroup(_ command: Command) -> [Phase: [CheckedItem]] {
    let call = ArgumentBinder.bind(command, Self.groupSignature, &context)
    var inner: [Phase: [CheckedItem]] = [:]
    for command in command.block?.commands ?? [] {
      switch command.name.text {
      case "phase":
        for (phase, items) in checkPhase(command) { inner[phase, default: []] += items }
      case "group":
        for (phase, items) in checkOuterGroup(command) { inner[phase, default: []] += items }
      case "on_error": context.report(.failure(.wrongPlace), at: command.name.range)
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
    name: "rule", availability: .ours,
    tags: [
      TagSignature("mode", .string), TagSignature("severity", .string),
      TagSignature("reference", .string),
    ],
    positional: [.init("name", .string)], block: .required)

  private mutating func checkRule(_ command: Command) -> CheckedRule? {
    ruleCount += 1
    let call = ArgumentBinder.bind(command, Self.ruleSignature, &context)
    let literal = call?.string(0)
    let name = literal.flatMap { declare($0, kind: .rule) }
    if let name, let literal { context.names.rules[name] = literal.range }
    let body = ruleBody(command)
    guard let name, let call else {
      context.hasHoles = true
      return nil
    }
    var rule = CheckedRule(
      name: name, range: call.range, body: body, place: literal?.range ?? call.name.range)
    rule.severity = ruleWord(call, "severity")
    rule.reference = ruleWord(call, "reference")
    guard let mode = mode(of: call) else { return nil }
    rule.mode = mode
    return rule
  }

  /// The statements of a rule, behind what it says of failures.
  mutating func ruleBody(_ command: Command) -> [CheckedStatement] {
    context.captures = CaptureScope()
    let outer = context.innerAnswers
    defer { context.innerAnswers = outer }
    var commands = (command.block?.commands ?? [])[...]
    if let first = commands.first, first.name.text == "on_error" {
      context.innerAnswers = context.answers(first).inside(outer)
      commands = commands.dropFirst()
    }
    return StatementChecker.check(commands, in: .rule, &context).body
  }

  /// A word that stands in reports, on one line.
  private mutating func ruleWord(_ call: Call, _ tag: String) -> String {
    guard let literal = call.tag(tag)?.string, let word = context.constant(call, tag) else {
      return ""
    }
    if !Literals.isDeclaredName(word) {
      context.report(.literal(.badSetting(word, of: ":" + tag)), at: literal.range)
    }
    return word
  }

  /// Nil when the rule is off.
  private mutating func mode(of call: Call) -> RuleMode? {
    guard let literal = call.tag("mode")?.string else { return context.file.mode }
    guard let word = context.constant(call, "mode") else { return .enforce }
    return context.ruleMode(word, of: ":mode", at: literal.range) ?? .enforce
  }

  // MARK: What does not belong there

  mutating func checkMisplaced(
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
        let nearest = context.command(meantBy: name, among: known)
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
    case "phase": return .misplaced(name, found: place, allowed: [.topLevel])
    case _ where Registry.topLevel.contains(name):
      return .misplaced(name, found: place, allowed: [.topLevel])
    case "rule", "group":
      return .misplaced(name, found: place, allowed: [.phase(""), .group])
    default:
      return place == .topLevel
        ? .statementAtTopLevel(name) : .statementOutsideRule(name, in: place)
    }
  }
}
