// The statements of a rule: chains of branches, calls, loops, and where they end.
//
// A rule can be left before its end without a word in it: `on_error … "continue"` leaves it when a
// condition or the text of an action cannot be answered. So whatever may fail counts as a way out.

import RuleBytecode

extension FlowAnalysis {
  /// How a block is left.
  struct Exit {
    /// On all paths at its end.
    var end = PathEnd.goesOn
    /// The weakest of all ways out, those in the middle included.
    var least = PathEnd.endsRun

    /// Whoever comes into the block ends the run in it.
    var endsRun: Bool { end == .endsRun && least == .endsRun }
    var effective: PathEnd { min(end, least) }

    mutating func mayLeave(_ way: PathEnd) { if way != .goesOn { least = min(least, way) } }
  }

  /// Walks a block and says how it is left.
  /// - Parameter rulePlace: the rule's name, when the block is the rule's body.
  mutating func walk(
    _ commands: ArraySlice<Command>, _ path: Path, rulePlace: SourceRange? = nil
  ) -> Exit {
    var rest = commands
    var path = path
    var exit = Exit()
    while let command = rest.popFirst() {
      let step: Exit
      if command.name.text == "if" {
        var branches = [command]
        while let next = rest.first, ["elsif", "else"].contains(next.name.text) {
          branches.append(next)
          rest.removeFirst()
        }
        let isWhole = branches.count == commands.count
        step = walkChain(branches, &path, rulePlace: isWhole ? rulePlace : nil)
      } else {
        step = walk(command, &path)
      }
      exit.mayLeave(step.least)
      exit.mayLeave(step.end)
      // What follows is never reached, which is said elsewhere.
      if step.end != .goesOn {
        exit.end = step.end
        return exit
      }
    }
    return exit
  }

  private mutating func walk(_ command: Command, _ path: inout Path) -> Exit {
    if command.name.text == "call" { return walkCall(command, &path) }
    if let block = command.block {
      walkLoop(block, path)
      path.isExact = false
      return Exit(least: .leavesRule)
    }
    reportLocalRefusal(command, path)
    apply(Effects.effects(of: command))
    let end = Effects.end(of: command, isPolicy: isPolicy)
    if Effects.mayFail(command) {
      path.isExact = false
      return Exit(end: end, least: .leavesRule)
    }
    if end == .endsRun {
      lastEnd = command.name.range
      if path.hasLeavers { note(path, Decider(rule: rule, range: lastEnd), in: 0) }
    }
    return Exit(end: end)
  }

  private mutating func walkCall(_ command: Command, _ path: inout Path) -> Exit {
    guard let name = command.arguments.items.last?.strings?.first?.value else { return Exit() }
    let summary = summary(of: name)
    apply(Array(summary.effects))
    if summary.exit.end == .endsRun { lastEnd = command.range }
    if summary.exit.least < .endsRun { path.isExact = false }
    return summary.exit
  }

  /// Each turn of a loop sees other data and comes after changes of the turn before. A verdict in
  /// it may end only that turn.
  private mutating func walkLoop(_ block: Block, _ path: Path) {
    let outer = indexes
    let outerDecides = decides
    apply([.everything])
    indexes = [DecidedIndex(), DecidedIndex()]
    decides = true
    _ = walk(block.commands[...], path)
    indexes = outer
    decides = outerDecides
    apply([.everything])
  }

  // MARK: Branches

  private struct Chain {
    /// With what the branches before say, all false.
    var query: Path
    /// The same without those that surely end the run: who took one does not come back.
    var reach: Path
    /// For what follows the chain.
    var after: Path
    var exits: [Exit] = []
    /// A test that cannot answer leaves the rule.
    var mayFail = false
    var shadowed: [(range: SourceRange, deciders: [Decider])] = []
    var epochs: Epochs
    /// No way leads past all of its branches.
    var isComplete = false
  }

  private mutating func walkChain(
    _ branches: [Command], _ path: inout Path, rulePlace: SourceRange?
  ) -> Exit {
    let start = reader.epochs
    var chain = Chain(query: path, reach: path, after: path, epochs: start)
    indexes.append(DecidedIndex())
    for (place, command) in branches.enumerated() where !chain.isComplete {
      reader.epochs = start
      walkBranch(command, &chain, isEarly: place < Self.earlyBranches)
    }
    indexes.removeLast()
    reader.epochs = chain.epochs
    report(chain.shadowed, branches.count, rulePlace)
    var exit = Exit()
    for branch in chain.exits {
      exit.mayLeave(branch.least)
      exit.mayLeave(branch.end)
    }
    if chain.mayFail {
      exit.mayLeave(.leavesRule)
      chain.after.isExact = false
    }
    if chain.isComplete { exit.end = chain.exits.map(\.end).min() ?? .goesOn }
    path = chain.after
    return exit
  }

  /// So many branches are remembered in full, all of them in the index.
  private static let earlyBranches = 8

  private mutating func walkBranch(_ command: Command, _ chain: inout Chain, isEarly: Bool) {
    let start = reader.epochs
    var own = Condition.always
    let test = command.arguments.tests.first
    var isSaid = false
    let mayFail = test.map { reader.mayFail($0) } ?? false
    chain.mayFail = chain.mayFail || mayFail
    if let test {
      switch judge(test, chain.query) {
      case .dead: return
      case .shadowed(let deciders):
        chain.shadowed.append((test.range, deciders))
        return
      case .always:
        chain.isComplete = true
        // That `true` stands there has been said, and all that follows from it with it.
        isSaid = reader.condition(test).isConstant
      case .open(let condition): own = condition
      }
    } else {
      chain.isComplete = true
    }
    let range = test?.range ?? command.name.range
    let exit = walk(
      command.block?.commands[...] ?? [],
      chain.query.adding(own, Origin(kind: .enclosing, range: range)))
    if exit.end == .goesOn { chain.epochs.merge(reader.epochs) }
    reader.epochs = start
    if !isSaid {
      remember(exit, own, chain.reach, range)
    } else if exit.endsRun {
      named.append(lastEnd)
    }
    let isFirst = chain.exits.allSatisfy { $0.end != .goesOn }
    chain.exits.append(exit)
    guard let test, !chain.isComplete else { return }
    for conjunction in own.disjuncts {
      indexes[indexes.count - 1].add(conjunction, Decider(rule: nil, range: range))
    }
    let otherwise = reader.condition(test, isPositive: false)
    let before = Origin(kind: .branchBefore, range: range)
    if isEarly { chain.query = chain.query.adding(otherwise, before) }
    if !exit.endsRun || mayFail { chain.reach = chain.reach.adding(otherwise, nil) }
    leave(exit, otherwise, before, isFirst: isFirst, &chain)
  }

  /// What is known behind the chain of a branch that does not come back: its test was false. Only
  /// where no branch before it does come back.
  private func leave(
    _ exit: Exit, _ otherwise: Condition, _ origin: Origin, isFirst: Bool, _ chain: inout Chain
  ) {
    if exit.endsRun { return }
    if exit.end == .goesOn {
      if exit.least < .endsRun { chain.after.isExact = false }
      return
    }
    guard isFirst else {
      chain.after.isExact = false
      return
    }
    chain.after = chain.after.adding(otherwise, origin)
    chain.after.hasLeavers = true
  }

  private mutating func remember(
    _ exit: Exit, _ own: Condition, _ reach: Path, _ range: SourceRange
  ) {
    let level: Int
    switch exit.effective {
    case .endsRun: level = 0
    case .leavesRule: level = 1
    case .goesOn, .leavesBlock: return
    }
    note(reach.adding(own, nil), Decider(rule: rule, range: range), in: level)
  }

  /// A rule that is nothing but dead branches is one mistake.
  private mutating func report(
    _ shadowed: [(range: SourceRange, deciders: [Decider])], _ branchCount: Int,
    _ rulePlace: SourceRange?
  ) {
    if let rulePlace, let first = shadowed.first, shadowed.count == branchCount {
      report(.rule(rule ?? ""), first.deciders, at: rulePlace)
      return
    }
    for (range, deciders) in shadowed { report(.branch, deciders, at: range) }
  }
}

extension Epochs {
  /// What either of two ways changed.
  mutating func merge(_ other: Epochs) {
    everything = max(everything, other.everything)
    score = max(score, other.score)
    latest = max(latest, other.latest)
    headers.merge(other.headers) { max($0, $1) }
    variables.merge(other.variables) { max($0, $1) }
  }
}
