// Variables on their way through the statements: a value that is replaced before anybody can read
// it, and a variable of a run that is read before the run sets it.
//
// Sound: the first is said of two `set` in one block with nothing between that could read or
// leave; the second only of a variable that nothing but `set` of this phase's rules, all further
// down, can give a value.

import RuleBytecode

struct VariableFlow {
  private var phase: Phase?
  private var isInLoop = false
  /// Run variables of this phase that were set so far, anywhere.
  private var isSet: [Phase: Set<String>] = [:]

  static func check(_ scripts: [Script], _ scopes: [FileScope], _ context: inout CheckContext) {
    var flow = VariableFlow()
    for (script, scope) in zip(scripts, scopes) where scope.isPolicy {
      for command in script.commands { flow.walk(command, &context) }
    }
  }

  /// Recursion is bounded by the parser's limit on nested blocks.
  private mutating func walk(_ command: Command, _ context: inout CheckContext) {
    switch command.name.text {
    case "define":
      // It runs where it is called.
      walkBlock(command, &context)
      return
    case "phase":
      let name = command.arguments.tests.first?.name.text
      phase = Phase.allCases.first { $0.name == name }
      for inner in command.block?.commands ?? [] { walk(inner, &context) }
      phase = nil
      return
    default: break
    }
    readAll(command, &context)
    if Effects.setters.contains(command.name.text), let phase,
      let name = Effects.variableName(of: command)
    {
      isSet[phase, default: []].insert(name)
    }
    if command.name.text == "lookup" { noteLookup(command.arguments.items) }
    walkBlock(command, &context)
  }

  private mutating func walkBlock(_ command: Command, _ context: inout CheckContext) {
    let outer = isInLoop
    let isBranch = ["if", "elsif", "else", "rule", "group", "define"].contains(command.name.text)
    isInLoop = isInLoop || !isBranch
    let commands = command.block?.commands ?? []
    reportOverwritten(commands, &context)
    for inner in commands {
      walk(inner, &context)
      // What follows is never reached.
      if Effects.end(of: inner, isPolicy: true) != .goesOn { break }
    }
    isInLoop = outer
  }

  // MARK: Replaced before it is read

  private func reportOverwritten(_ commands: [Command], _ context: inout CheckContext) {
    var open: [String: Command] = [:]
    for command in commands {
      guard command.name.text == "set" else {
        if command.block != nil || !Self.isPlain(command) {
          open = [:]
        } else {
          for name in Self.variablesRead(by: command) { open[name] = nil }
        }
        continue
      }
      for name in Self.variablesRead(by: command) { open[name] = nil }
      guard let name = Effects.variableName(of: command),
        let literal = command.arguments.items.first(where: { $0.tag == nil })
      else { continue }
      if let first = open[name], Self.scope(of: first) == Self.scope(of: command),
        let place = first.arguments.items.first(where: { $0.tag == nil })
      {
        context.report(
          .flow(.overwritten(name)), at: place.range,
          notes: [.init(.set(name, phase: nil), at: literal.range)])
      }
      open[name] = command
    }
  }

  /// Commands between two `set` that neither read variables by another way than `${…}` nor leave.
  private static func isPlain(_ command: Command) -> Bool {
    ["log", "event", "addheader", "setheader", "deleteheader", "score"].contains(command.name.text)
  }

  private static func scope(of command: Command) -> [String] {
    command.arguments.items.compactMap(\.tag).filter {
      ["session", "message", "recipient"].contains($0)
    }
  }

  private static func variablesRead(by command: Command) -> [String] {
    command.arguments.items.flatMap { $0.strings ?? [] }.flatMap {
      TextScanner.references(in: $0.value).compactMap { $0.name?.lowercasedASCII }
    }
  }

  // MARK: Read before it is set

  private mutating func readAll(_ command: Command, _ context: inout CheckContext) {
    for item in command.arguments.items { read(item, &context) }
    for test in command.arguments.tests { readAll(test, &context) }
  }

  private mutating func readAll(_ test: Test, _ context: inout CheckContext) {
    for item in test.arguments.items { read(item, &context) }
    if test.name.text == "lookup" { noteLookup(test.arguments.items) }
    for inner in test.arguments.tests { readAll(inner, &context) }
  }

  /// `lookup :set` may give a variable its value.
  private mutating func noteLookup(_ items: [Argument]) {
    guard let phase, let tag = items.firstIndex(where: { $0.tag == "set" }), tag + 1 < items.count,
      let name = items[tag + 1].strings?.first?.value.lowercasedASCII
    else { return }
    isSet[phase, default: []].insert(name)
  }

  private func read(_ item: Argument, _ context: inout CheckContext) {
    guard let phase, !isInLoop else { return }
    for literal in item.strings ?? [] where literal.value.contains("${") {
      for reference in TextScanner.references(in: literal.value) {
        guard let name = reference.name?.lowercasedASCII,
          let facts = context.names.variables[name], facts.scopes.isEmpty,
          !facts.isSetInDefinition, facts.runPhases.contains(phase),
          isSet[phase]?.contains(name) != true, let later = facts.runPlaces[phase]?.first
        else { continue }
        context.report(
          .flow(.readBeforeSet(name)), at: context.place(of: reference.range, in: literal),
          notes: [.init(.set(name, phase: nil), at: later)])
      }
    }
  }
}
