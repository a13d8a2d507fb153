// What can happen in which order: rules and branches that never decide because an earlier one
// always does, and conditions that what is known at their place settles. Runs on checked policies
// without errors, in the order in which the machine runs them, and only ever warns.
//
// Each phase is walked once, from its first rule on. What is known on the way:
// - the path: conditions of the groups, ifs and branches around this place, all true;
// - the indexes: conditions under which the run, the rule or the chain of branches was left before.
// Both speak of subjects at an epoch, so a change of a header or variable in between makes them
// silent. The time is about linear in the policy (`DecidedIndex`).

import RuleBytecode

struct FlowAnalysis {
  /// What surrounds a place.
  struct Path {
    var condition = Condition.always
    /// Nothing was left out: the condition is all that is needed to come here.
    var isExact = true
    /// It knows of branches before that leave the rule, and not the run.
    var hasLeavers = false

    /// The path on which a further condition holds. What is too large is left out, which keeps
    /// what the path says true.
    func adding(_ other: Condition, _ origin: Origin?) -> Path {
      let more = origin.map { other.from($0) } ?? other
      guard let both = condition.and(more) else {
        return Path(condition: condition, isExact: false)
      }
      return Path(condition: both, isExact: isExact)
    }
  }

  var context: CheckContext
  var reader: ConditionReader
  /// The run's, the rule's, then one for each chain around this place.
  var indexes: [DecidedIndex] = [DecidedIndex(), DecidedIndex()]
  var rule: String?
  /// False in rules that are only observed.
  var decides = true
  var isPolicy = true
  private var clock = 0
  private var summaries: [String: DefinitionSummary] = [:]
  private let blocks: [String: Command]
  /// Unconditional deciders that were named already.
  var named: [SourceRange] = []
  /// The last statement that ended a run.
  var lastEnd = SourceRange(file: 0, bytes: 0..<0)

  /// Looks at the whole policy; `context` gets the warnings.
  static func check(_ scripts: [Script], _ scopes: [FileScope], _ context: inout CheckContext) {
    let declarations = scripts.flatMap(\.commands)
    var analysis = FlowAnalysis(declarations, context)
    for phase in Phase.allCases { analysis.walk(phase, scripts, scopes) }
    analysis.walkDefinitions(declarations.filter { $0.name.text == "define" })
    VariableFlow.check(scripts, scopes, &analysis.context)
    VariableScopes.check(&analysis.context)
    context = analysis.context
  }

  private init(_ declarations: [Command], _ context: CheckContext) {
    var tests: [String: Test] = [:]
    var blocks: [String: Command] = [:]
    for command in declarations where command.name.text == "define" {
      guard let name = command.arguments.items.last?.strings?.first?.value else { continue }
      if let test = command.arguments.tests.first { tests[name] = test }
      if command.block != nil { blocks[name] = command }
    }
    self.context = context
    self.blocks = blocks
    // Only of a table that stands in the policy as a whole the content is known.
    let tables = declarations.compactMap(Self.inlineTable).reduce(into: [String: Table]()) {
      $0[$1] = context.names.tables[$1]
    }
    reader = ConditionReader(
      tables: tables, definitions: tests, lookedUp: context.names.lookedUp)
  }

  private static func inlineTable(_ command: Command) -> String? {
    let tags = Set(command.arguments.items.compactMap(\.tag))
    guard command.name.text == "table", tags.contains("inline"),
      tags.isSubset(of: ["inline", "type"])
    else { return nil }
    return command.arguments.items.last?.strings?.first?.value
  }

  // MARK: Phases

  private mutating func walk(_ phase: Phase, _ scripts: [Script], _ scopes: [FileScope]) {
    reader = ConditionReader(
      tables: reader.tables, definitions: reader.definitions, lookedUp: reader.lookedUp)
    reader.phase = phase
    reader.facts.subjects.isRecipientRun = phase == .rcpt
    indexes = [DecidedIndex(), DecidedIndex()]
    for (script, scope) in zip(scripts, scopes) {
      enter(scope, script)
      if scope.isPolicy {
        for command in script.commands { walkOuter(command, phase, Path()) }
      } else if phase == .eom {
        walkPlain(script)
      }
    }
  }

  private mutating func enter(_ scope: FileScope, _ script: Script) {
    isPolicy = scope.isPolicy
    reader.isPolicy = scope.isPolicy
    reader.hasVariables = scope.isPolicy || scope.capabilities.contains("variables")
    let mode = script.commands.first { $0.name.text == "mode" }
    decides = mode == nil
  }

  /// A phase of that name, or a group around phases.
  private mutating func walkOuter(_ command: Command, _ phase: Phase, _ path: Path) {
    let commands = command.block?.commands ?? []
    switch command.name.text {
    case "phase":
      guard command.arguments.tests.first?.name.text == phase.name else { return }
      walkItems(commands, path)
    case "group":
      guard Self.holds(phase, in: commands) else { return }
      guard let inner = enterGroup(command, path) else { return }
      for command in commands { walkOuter(command, phase, inner) }
    default: break
    }
  }

  /// Recursion is bounded by the parser's limit on nested blocks.
  private static func holds(_ phase: Phase, in commands: [Command]) -> Bool {
    commands.contains { command in
      switch command.name.text {
      case "phase": command.arguments.tests.first?.name.text == phase.name
      case "group": holds(phase, in: command.block?.commands ?? [])
      default: false
      }
    }
  }

  private mutating func walkPlain(_ script: Script) {
    indexes = [DecidedIndex(), DecidedIndex()]
    rule = nil
    decides = true
    let body = script.commands.filter { $0.name.text != "require" }
    _ = walk(body[...], Path())
    indexes = [DecidedIndex(), DecidedIndex()]
  }

  /// Definitions of commands run wherever they are called; on their own they are looked at as if
  /// nothing were known.
  private mutating func walkDefinitions(_ definitions: [Command]) {
    reader = ConditionReader(
      tables: reader.tables, definitions: reader.definitions, lookedUp: reader.lookedUp)
    decides = true
    for command in definitions {
      indexes = [DecidedIndex(), DecidedIndex()]
      rule = nil
      isPolicy = true
      if let test = command.arguments.tests.first { _ = inspect(test) }
      _ = walk(command.block?.commands[...] ?? [], Path())
    }
  }

  // MARK: Rules and groups

  private mutating func walkItems(_ commands: [Command], _ path: Path) {
    for command in commands {
      switch command.name.text {
      case "rule": walkRule(command, path)
      case "group":
        guard let inner = enterGroup(command, path) else { continue }
        walkItems(command.block?.commands ?? [], inner)
      default: break
      }
    }
  }

  /// The path inside of a group; nil when it never runs.
  private mutating func enterGroup(_ command: Command, _ path: Path) -> Path? {
    guard let test = command.arguments.tests.first else { return path }
    indexes = [indexes[0], DecidedIndex()]
    switch judge(test, path) {
    case .dead: return nil
    case .shadowed(let deciders):
      report(.group, deciders, at: test.range)
      return nil
    case .always: return path
    case .open(let condition):
      return path.adding(condition, Origin(kind: .enclosing, range: test.range))
    }
  }

  private mutating func walkRule(_ command: Command, _ path: Path) {
    let literal = command.arguments.items.last?.strings?.first
    let outer = decides
    defer { decides = outer }
    indexes = [indexes[0], DecidedIndex()]
    rule = literal?.value
    if let deciders = deciders(of: path.condition) {
      report(.rule(rule ?? ""), deciders, at: literal?.range ?? command.name.range)
      return
    }
    switch Self.mode(of: command) {
    case "enforce": break
    case "off": return
    default: decides = false
    }
    var body = (command.block?.commands ?? [])[...]
    if body.first?.name.text == "on_error" { body = body.dropFirst() }
    if walk(body, path, rulePlace: literal?.range).endsRun {
      let decider = Decider(rule: rule, range: lastEnd, isUnconditional: true)
      note(path, decider, in: 0)
    }
  }

  private static func mode(of rule: Command) -> String {
    let items = rule.arguments.items
    guard let place = items.firstIndex(where: { $0.tag == "mode" }), place + 1 < items.count else {
      return "enforce"
    }
    return items[place + 1].strings?.first?.value ?? ""
  }

  // MARK: Memory

  /// Remembers that whoever comes along this path ends there.
  mutating func note(_ path: Path, _ decider: Decider, in level: Int) {
    guard path.isExact, decides || level > 0 else { return }
    for conjunction in path.condition.disjuncts { indexes[level].add(conjunction, decider) }
  }

  mutating func apply(_ effects: [Effect]) {
    for effect in effects {
      clock += 1
      reader.epochs.apply(effect, at: clock)
    }
  }

  /// What a called definition does.
  mutating func summary(of name: String) -> DefinitionSummary {
    if let known = summaries[name] { return known }
    // A definition that calls itself was refused; should one get here, it ends here.
    summaries[name] = .everything
    let summary = blocks[name].map { DefinitionSummary($0, &self) } ?? .everything
    summaries[name] = summary
    return summary
  }

  // MARK: Reports

  mutating func report(_ part: ShadowedPart, _ deciders: [Decider], at range: SourceRange) {
    if let cause = deciders.first(where: \.isUnconditional) {
      // All that follows it is dead for one reason, which is said once.
      if named.contains(cause.range) { return }
      named.append(cause.range)
    }
    // A branch of the same rule needs no name.
    let names = deciders.map { $0.rule == rule && part == .branch ? nil : $0.rule }
    let notes = zip(names, deciders).map { Diagnostic.Note(.decides(rule: $0), at: $1.range) }
    context.report(
      .flow(.shadowed(part, by: names.first ?? nil)), at: range, notes: notes)
  }
}
