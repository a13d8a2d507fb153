// One look over all files before they are checked: what they require, which names they declare,
// where variables are set. So order matters only where the language says it does.

import RuleBytecode

struct NameCollector {
  private var names = NameTable()
  private var phase: Phase?
  private var isInDefinition = false
  private var isInJob = false
  private var file: FileScope

  /// The names that the scripts declare; their declarations are checked later.
  static func collect(_ scripts: [Script], _ scopes: [FileScope]) -> NameTable {
    guard let first = scopes.first else { return NameTable() }
    var collector = NameCollector(file: first)
    for (script, scope) in zip(scripts, scopes) {
      collector.file = scope
      collector.phase = scope.isPolicy ? nil : .eom
      for command in script.commands {
        collector.names.written.insert(command.name.text)
        collector.collect(command)
      }
    }
    return collector.names
  }

  /// Recursion is bounded by the parser's limit on nested blocks.
  private mutating func collect(_ command: Command) {
    let (outerPhase, outerDefinition, outerJob) = (phase, isInDefinition, isInJob)
    switch command.name.text {
    case "define":
      note(command, .define)
      isInDefinition = true
    case "table": note(command, .table)
    case "phase":
      let name = command.arguments.tests.first?.name.text
      phase = Phase.allCases.first { $0.name == name }
    case "every": (phase, isInJob) = (.connect, true)
    case "lookup": collectLookup(command.arguments.items)
    case _ where Effects.setters.contains(command.name.text):
      let items = command.arguments.items
      let scope = CommandSet.scopes.first { scope in items.contains { $0.tag == scope.name } }
      let name = items.first { $0.tag == nil && $0.strings != nil }
      // Without its quotes the name stands where a test would, which the check says.
      let bare = command.arguments.tests.first?.name
      let meant = bare.map { StringLiteral(value: $0.text, form: .quoted, range: $0.range) }
      collectVariable(name?.strings?.first ?? meant, scope, VariableOrigin(command))
    case "global":
      let names = command.arguments.items.flatMap { $0.strings ?? [] }
      file.globals.formUnion(names.map(\.value.lowercasedASCII))
    default:
      if let kind = Registry.declarations[command.name.text]?.kind { note(command, kind) }
    }
    for test in command.arguments.tests { collect(test) }
    for inner in command.block?.commands ?? [] { collect(inner) }
    (phase, isInDefinition, isInJob) = (outerPhase, outerDefinition, outerJob)
  }

  private init(file: FileScope) { self.file = file }

  private mutating func note(_ command: Command, _ kind: DeclarationKind) {
    guard let literal = Registry.nameLiteral(of: command) else { return }
    let key = DeclaredName(kind, literal.value)
    if names.places[key] == nil { names.places[key] = literal.range }
  }

  /// Recursion is bounded by the parser's limit on nested tests.
  private mutating func collect(_ test: Test) {
    if test.name.text == "lookup" { collectLookup(test.arguments.items) }
    for inner in test.arguments.tests { collect(inner) }
  }

  /// `lookup :set` sets a variable too.
  private mutating func collectLookup(_ items: [Argument]) {
    guard let tag = items.firstIndex(where: { $0.tag == "set" }), tag + 1 < items.count else {
      return
    }
    let literal = items[tag + 1].strings?.first
    if let name = literal?.value.lowercasedASCII { names.lookedUp.insert(name) }
    collectVariable(literal, nil, .table)
  }

  private mutating func collectVariable(
    _ literal: StringLiteral?, _ scope: VariableScope?, _ origin: VariableOrigin
  ) {
    guard let literal else { return }
    let name = file.keptName(literal.value.lowercasedASCII)
    names.origins[name, default: []].append(origin)
    var facts = names.variables[name] ?? VariableFacts(first: literal.range)
    if !isInJob {
      var isLookup = false
      if case .table = origin { isLookup = true }
      facts.sets.append(
        VariableSet(
          scope: scope ?? .run, phase: isInDefinition ? nil : phase, isLookup: isLookup,
          place: literal.range))
    }
    if let scope {
      facts.scopes.insert(scope)
    } else if isInDefinition {
      facts.isSetInDefinition = true
    } else if let phase {
      facts.runPhases = PhaseSet(facts.runPhases.phases + [phase])
      facts.runPlaces[phase, default: []].append(literal.range)
    }
    names.variables[name] = facts
  }
}
