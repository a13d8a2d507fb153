// Regular expressions: compiled and judged when the policy is, so that what is wrong with one is
// shown at its place inside the string.

import Patterns
import RuleBytecode

/// A pattern as the image holds it.
struct PlannedPattern: Sendable {
  let source: String
  let facts: PatternFacts
  /// Capturing groups.
  let groups: Int

  /// What a set of patterns holds for it.
  var entries: [String] { [source, facts.entry] }
}

extension CheckContext {
  /// Reads the keys of a `:regex`; false when one cannot be used.
  mutating func addPatterns(
    _ keys: [StringLiteral], to plan: inout MatchPlan, of call: Call
  ) -> Bool {
    var isSound = true
    var seen: Set<String> = []
    noteMatchFailure(of: call)
    for key in keys {
      guard let constant = patternText(key, of: call, to: &plan, &isSound) else { continue }
      if !seen.insert(constant).inserted {
        report(.flow(.duplicateKey(constant)), at: key.range)
        continue
      }
      let isCaseless = plan.comparator != .octet
      let found = pattern(
        constant, in: key, isCaseless: isCaseless, isBounded: plan.backtrack > 0)
      if let found { plan.patterns.append(found) } else { isSound = false }
    }
    return isSound && !(plan.patterns.isEmpty && plan.builtKeys.isEmpty)
  }

  /// In a policy of ours patterns are fixed: one that holds mail could be made to cost anything.
  private mutating func patternText(
    _ key: StringLiteral, of call: Call, to plan: inout MatchPlan, _ isSound: inout Bool
  ) -> String? {
    if file.isPolicy {
      let constant = constant(key, "pattern", of: call.name.text)
      if constant == nil { isSound = false }
      return constant
    }
    let value = text(key)
    if value.constant == nil { plan.builtKeys.append(value) }
    return value.constant
  }

  /// A pattern with what its analysis found; nil when it was reported as wrong.
  /// - Parameter isBounded: the call says how many steps it may take.
  mutating func pattern(
    _ source: String, in literal: StringLiteral, isCaseless: Bool, isBounded: Bool
  ) -> PlannedPattern? {
    let groups: Int
    do throws(PatternMistake) {
      groups = try CompiledPattern(
        source, PatternOptions(isCaseless: isCaseless, isOptimized: false)
      ).groupCount
    } catch {
      let range = place(of: error.offset..<error.offset, in: literal)
      report(.pattern(.invalid(error.message)), at: range)
      return nil
    }
    let analysis = PatternAnalysis(source, isCaseless: isCaseless)
    for remark in analysis.remarks { report(remark, in: literal) }
    let facts: PatternFacts?
    switch analysis.verdict {
    case .bounded(let steps, let needsStart):
      let steps = min(steps, PatternFacts.stepsPerByteMax)
      facts = PatternFacts(stepsPerByte: steps, needsStart: needsStart)
    case .explosive(let explosion):
      facts = isBounded ? nil : judge(explosion, in: literal)
    case .unread(let feature):
      if !isBounded { reportUnjudged(feature.name, feature.range, in: literal) }
      facts = nil
    case .tooLarge:
      if !isBounded { reportUnjudged(nil, 0..<source.utf8.count, in: literal) }
      facts = nil
    }
    let counted = PatternFacts(stepsPerByte: 0, countsSteps: true)
    return PlannedPattern(source: source, facts: facts ?? counted, groups: groups)
  }

  private mutating func judge(
    _ explosion: PatternAnalysis.Explosion, in literal: StringLiteral
  ) -> PatternFacts? {
    let places = explosion.places.map { place(of: $0, in: literal) }
    let growth: PatternProblem.Growth =
      switch explosion.growth {
      case .exponential: .exponential
      case .polynomial: .polynomial
      case .constant: .constant
      }
    let attack = explosion.attack.description
    // Plain Sieve has no way to say more: such a pattern runs with its steps counted.
    let problem: PatternProblem =
      file.isPolicy ? .explosive(growth, attack: attack) : .slow(growth, attack: attack)
    let notes = places.dropFirst().map {
      Diagnostic.Note(.other("this can take the same text"), at: $0)
    }
    report(.pattern(problem), at: places.first ?? literal.range, notes: notes)
    return nil
  }

  /// In plain Sieve what cannot be judged is counted, and nothing is said.
  private mutating func reportUnjudged(
    _ feature: String?, _ range: Range<Int>, in literal: StringLiteral
  ) {
    guard file.isPolicy else { return }
    report(.pattern(.unjudged(feature)), at: place(of: range, in: literal))
  }

  private mutating func report(_ remark: PatternAnalysis.Remark, in literal: StringLiteral) {
    switch remark {
    case .literal(let text, let begins, let ends):
      report(
        .pattern(.isText(text, begins: begins, ends: ends)), at: literal.range)
    case .neverMatches: report(.pattern(.neverMatches), at: literal.range)
    case .uselessStart(let range):
      let range = place(of: range, in: literal)
      let fix = Diagnostic.FixIt(replace: range, with: "")
      report(.pattern(.uselessStart), at: range, fixIts: [fix])
    }
  }

  /// A match can end at its limit, and is then an error of that class.
  mutating func noteMatchFailure(of call: Call) {
    matchFailures.add(
      Failures(.limit, of: call.name.text, at: call.name.range, isAnswered: false))
  }
}
