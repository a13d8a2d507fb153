// What is known about a condition before any mail comes.

import RuleBytecode

extension FlowAnalysis {
  enum Judgement {
    /// It can be either.
    case open(Condition)
    case always
    /// It is false whenever it is asked; that has been said.
    case dead
    /// Who would make it true has left before.
    case shadowed([Decider])
  }

  /// Judges the condition of an `if`, `elsif` or `group` at this place.
  mutating func judge(_ test: Test, _ path: Path) -> Judgement {
    let own = reader.condition(test)
    // The checker has said so.
    if own.disjuncts.isEmpty { return .dead }
    if own.isConstant { return .always }
    guard inspect(test) else {
      return isContradictory(own) ? .dead : .open(own)
    }
    if isContradictory(own) { return .dead }
    let whole = path.condition.and(own) ?? own
    if let conflict = conflict(in: whole) {
      return reportConflict(conflict, test)
    }
    if let deciders = deciders(of: whole) { return .shadowed(deciders) }
    return isSettled(test, path) ? .always : .open(own)
  }

  /// Who takes all mail for which the condition holds; nil when not all of it is taken.
  func deciders(of condition: Condition) -> [Decider]? {
    var found: [Decider] = []
    for conjunction in condition.disjuncts {
      if conjunction.contradiction(reader.facts) != nil { continue }
      guard let some = deciders(of: conjunction) else { return nil }
      for decider in some where !found.contains(decider) && found.count < 3 {
        found.append(decider)
      }
    }
    return found.isEmpty ? nil : found
  }

  /// The chain first, whose branches are nearest.
  private func deciders(of conjunction: Conjunction) -> [Decider]? {
    for index in indexes.reversed() {
      if let found = index.deciders(of: conjunction, reader.facts) { return found }
    }
    return nil
  }

  private func isContradictory(_ condition: Condition) -> Bool {
    conflict(in: condition) != nil
  }

  /// A literal that contradicts the condition, when none of its conjunctions can hold. One that
  /// says where it comes from goes before others.
  private func conflict(in condition: Condition) -> Literal? {
    var found: Literal?
    for conjunction in condition.disjuncts {
      guard let pair = conjunction.contradiction(reader.facts) else { return nil }
      if found?.origin == nil { found = pair.0.origin == nil ? pair.1 : pair.0 }
    }
    return found
  }

  private mutating func reportConflict(_ literal: Literal, _ test: Test) -> Judgement {
    guard let origin = literal.origin else {
      context.report(.flow(.alwaysFalse(test.name.text)), at: test.range)
      return .dead
    }
    if origin.kind == .branchBefore {
      return .shadowed([Decider(rule: nil, range: origin.range)])
    }
    context.report(
      .flow(.alwaysFalse(test.name.text)), at: test.range,
      notes: [.init(.knownHere, at: origin.range)])
    return .dead
  }

  /// True when the path makes sure of the test; then that is reported.
  private mutating func isSettled(_ test: Test, _ path: Path) -> Bool {
    let otherwise = reader.condition(test, isPositive: false)
    guard let whole = path.condition.and(otherwise), let literal = conflict(in: whole),
      let origin = literal.origin
    else { return false }
    context.report(
      .flow(.alwaysTrue(test.name.text)), at: test.range,
      notes: [.init(.knownHere, at: origin.range)])
    return true
  }

  // MARK: Inside of a condition

  /// Looks at the lists of tests in a condition: an `allof` that contradicts itself, an `anyof`
  /// that leaves nothing out, a test that says the same as one before it. False when it found one.
  mutating func inspect(_ test: Test) -> Bool {
    switch test.name.text {
    case "allof":
      let condition = reader.condition(test)
      if !condition.isConstant, isContradictory(condition) {
        // The smallest list that contradicts itself is the mistake.
        if !inspectAll(test.arguments.tests) { return false }
        context.report(.flow(.alwaysFalse("allof")), at: test.range)
        return false
      }
    case "anyof":
      let otherwise = reader.condition(test, isPositive: false)
      if !otherwise.isConstant, isContradictory(otherwise) {
        if !inspectAll(test.arguments.tests) { return false }
        context.report(.flow(.alwaysTrue("anyof")), at: test.range)
        return false
      }
    case "not": return inspectAll(test.arguments.tests)
    default: return true
    }
    let isFine = inspectAll(test.arguments.tests)
    reportRepeated(test)
    return isFine
  }

  private mutating func inspectAll(_ tests: [Test]) -> Bool {
    var isFine = true
    for test in tests where !inspect(test) { isFine = false }
    return isFine
  }

  /// The same question in other words: the names in another order, other letters.
  private mutating func reportRepeated(_ list: Test) {
    var seen: Set<Set<Element>> = []
    for test in list.arguments.tests {
      guard test.name.text != "exists", let elements = reader.elements(of: test) else { continue }
      if !seen.insert(Set(elements)).inserted {
        context.report(.flow(.duplicateTest(in: list.name.text)), at: test.range)
      }
    }
  }
}
