// What a definition of commands does where it is called, its conditions left out.

/// What a definition changes, and how it is left.
struct DefinitionSummary: Sendable {
  private(set) var effects: Set<Effect> = []
  private(set) var exit = FlowAnalysis.Exit()

  static let everything = DefinitionSummary()

  /// Nothing is known.
  private init() {
    effects = [.everything]
    exit.least = .leavesRule
  }

  init(_ definition: Command, _ analysis: inout FlowAnalysis) {
    exit = add(definition.block?.commands ?? [], &analysis)
    // `return` comes back to the caller.
    if exit.effective == .leavesBlock { exit.end = .goesOn }
  }

  /// Recursion is bounded by the parser's limit on nested blocks, calls by their order.
  private mutating func add(
    _ commands: [Command], _ analysis: inout FlowAnalysis
  ) -> FlowAnalysis.Exit {
    var exit = FlowAnalysis.Exit()
    var chain: [PathEnd] = []
    for (index, command) in commands.enumerated() {
      var this = end(of: command, &chain, &exit, &analysis)
      if index + 1 < commands.count, Self.isBranch(commands[index + 1]) { this = .goesOn }
      if exit.end == .goesOn { exit.end = this }
    }
    exit.mayLeave(exit.end)
    return exit
  }

  private static func isBranch(_ command: Command) -> Bool {
    command.name.text == "elsif" || command.name.text == "else"
  }

  private mutating func end(
    of command: Command, _ chain: inout [PathEnd], _ exit: inout FlowAnalysis.Exit,
    _ analysis: inout FlowAnalysis
  ) -> PathEnd {
    let name = command.name.text
    if name == "call" {
      let name = command.arguments.items.last?.strings?.first?.value
      let inner = name.map { analysis.summary(of: $0) } ?? .everything
      effects.formUnion(inner.effects)
      exit.mayLeave(inner.exit.least)
      return inner.exit.end
    }
    effects.formUnion(Effects.effects(of: command))
    guard let block = command.block else {
      if Effects.mayFail(command) { exit.mayLeave(.leavesRule) }
      return Effects.end(of: command, isPolicy: true)
    }
    let inner = add(block.commands, &analysis)
    exit.mayLeave(inner.least)
    if command.arguments.tests.contains(where: { analysis.reader.mayFail($0) }) {
      exit.mayLeave(.leavesRule)
    }
    switch name {
    case "if": chain = [inner.end]
    case "elsif": chain.append(inner.end)
    case "else":
      chain.append(inner.end)
      return chain.min() ?? .goesOn
    default: exit.mayLeave(.leavesRule)
    }
    return .goesOn
  }
}
