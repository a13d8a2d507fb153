// What a pattern costs, before it meets any text: whether its backtracking can explode, a text that
// shows it, and for all others a bound on the work for one byte. It errs on one side only: what it
// cannot judge is not called harmless.

package struct PatternAnalysis: Sendable {
  /// A pattern that a sender can make as slow as he likes.
  package struct Explosion: Equatable, Sendable {
    package enum Growth: Equatable, Sendable {
      /// One character more takes twice the time, or worse.
      case exponential
      /// The time grows with the square of the length, or a higher power.
      case polynomial
      /// The time is bounded, but far too long.
      case constant
    }

    package let growth: Growth
    package let attack: Attack
    /// What fights over the same text, in bytes of the pattern, in order.
    package let places: [Range<Int>]
  }

  package enum Verdict: Equatable, Sendable {
    /// Each byte of a text costs at most so many steps.
    /// - Parameter needsStart: only if the place where a match begins is found beforehand, since
    ///   tries at many places would go over the same text.
    case bounded(stepsPerByte: Int, needsStart: Bool)
    case explosive(Explosion)
    /// It cannot be judged for this.
    case unread(UnreadFeature)
    /// It is too large or too varied to be judged.
    case tooLarge
  }

  package enum Remark: Equatable, Sendable {
    /// It is a plain text; which ends it is bound to.
    case literal(String, begins: Bool, ends: Bool)
    case neverMatches
    /// A leading `.*` that changes nothing.
    case uselessStart(Range<Int>)
  }

  package let verdict: Verdict
  package let remarks: [Remark]
  package let requiredLiteral: RequiredLiteral?

  /// - Parameter source: a pattern that `CompiledPattern` has accepted.
  package init(
    _ source: String, isCaseless: Bool, limits: PatternLimits = PatternLimits()
  ) {
    let parsed: ParsedPattern
    do {
      parsed = try PatternParser.parse(source, isCaseless: isCaseless, limits: limits)
    } catch {
      verdict = .unread(error)
      remarks = []
      requiredLiteral = nil
      return
    }
    requiredLiteral = LiteralFinder.literal(in: parsed.root, limits)
    var judge = Judge(limits: limits)
    verdict = Self.withFinder(judge.verdict(parsed), source, isCaseless, limits)
    remarks = Self.remarks(on: parsed, never: judge.neverMatches)
  }

  /// A pattern whose start must be found first needs an automaton that finds it, and pays for it.
  private static func withFinder(
    _ verdict: Verdict, _ source: String, _ isCaseless: Bool, _ limits: PatternLimits
  ) -> Verdict {
    guard case .bounded(let steps, needsStart: true) = verdict else { return verdict }
    guard let finder = StartFinder(source, isCaseless: isCaseless, limits: limits) else {
      return .tooLarge
    }
    return .bounded(stepsPerByte: steps + finder.size, needsStart: true)
  }

  private static func remarks(on pattern: ParsedPattern, never: Bool) -> [Remark] {
    if never { return [.neverMatches] }
    var found: [Remark] = []
    if let literal = pattern.root.asLiteral, !pattern.hasGroups {
      found.append(.literal(literal.text, begins: literal.begins, ends: literal.ends))
    }
    if let place = pattern.root.uselessStart, !pattern.hasGroups {
      found.append(.uselessStart(place))
    }
    return found
  }
}

/// Puts the searches together.
private struct Judge {
  let limits: PatternLimits
  var neverMatches = false

  mutating func verdict(_ pattern: ParsedPattern) -> PatternAnalysis.Verdict {
    var extra = 0
    switch looks(of: pattern.root) {
    case .success(let steps): extra = steps
    case .failure(let feature): return .unread(feature)
    }
    let rough = judged(pattern, exactCounts: false)
    // `x{3,200}` was read as `x{3,}`. If that alone makes it explode, count exactly.
    let verdict: PatternAnalysis.Verdict
    if case .bounded = rough {
      verdict = rough
    } else {
      verdict = judged(pattern, exactCounts: true)
    }
    guard case .bounded(let steps, let needsStart) = verdict, extra > 0 else { return verdict }
    return .bounded(stepsPerByte: steps + extra, needsStart: needsStart)
  }

  private mutating func judged(
    _ pattern: ParsedPattern, exactCounts: Bool
  ) -> PatternAnalysis.Verdict {
    guard
      let automaton = try? PositionAutomaton(pattern, exactCounts: exactCounts, limits: limits)
    else { return .tooLarge }
    neverMatches = !Simulation(automaton: automaton).canFind
    let graph = StateGraph(automaton)
    var ambiguity = Ambiguity(graph, limits: limits)
    switch ambiguity.atOnePlace() {
    case .none: break
    case .found(let witness): return .explosive(explosion(witness, automaton))
    case .unknown: return .tooLarge
    }
    let restarts: Bool
    switch ambiguity.overPlaces() {
    case .none: restarts = false
    case .found: restarts = true
    case .unknown: return .tooLarge
    }
    return bounded(pattern, graph, restarts: restarts)
  }

  private func bounded(
    _ pattern: ParsedPattern, _ graph: StateGraph, restarts: Bool
  ) -> PatternAnalysis.Verdict {
    let automaton = graph.automaton
    let counter = PathCount(graph, limits: limits)
    if !restarts, case .bound(let most) = counter.most(everywhere: !automaton.isAnchored) {
      return .bounded(stepsPerByte: most, needsStart: false)
    }
    switch counter.most(everywhere: false) {
    case .bound(let most):
      if restarts && !pattern.isRegular {
        let range = graph.automaton.places.reduce(0..<0) {
          $0.lowerBound..<max($0.upperBound, $1.upperBound)
        }
        return .unread(UnreadFeature(name: "a repetition behind an assertion", range: range))
      }
      if restarts || automaton.isAnchored {
        return .bounded(stepsPerByte: most, needsStart: restarts)
      }
      // Each place tries at most the longest match.
      guard let longest = pattern.root.longest, longest * most <= limits.stepsPerByteMax else {
        return pattern.isRegular ? .bounded(stepsPerByte: most, needsStart: true) : .tooLarge
      }
      return .bounded(stepsPerByte: longest * most, needsStart: false)
    case .tooMany(let word):
      let attack = automaton.attack(prefix: word, pump: [])
      return .explosive(.init(growth: .constant, attack: attack, places: []))
    case .unknown: return .tooLarge
    }
  }

  private func explosion(
    _ witness: Ambiguity.Witness, _ automaton: PositionAutomaton
  ) -> PatternAnalysis.Explosion {
    let attack = automaton.attack(prefix: witness.prefix, pump: witness.pump)
    let places = Set(witness.states.map { automaton.places[$0] })
    return .init(
      growth: witness.growth == .exponential ? .exponential : .polynomial, attack: attack,
      places: places.sorted { $0.lowerBound < $1.lowerBound })
  }

  /// A look-around without bound costs a pass over the text each time it is asked, so it may stand
  /// only where it is asked once: at the head of a pattern that is bound to the start. The answer
  /// is what it adds to each byte.
  private func looks(of root: PatternNode) -> Result<Int, UnreadFeature> {
    let nodes = if case .concat(let nodes) = root { nodes } else { [root] }
    var steps = 0
    var isHead = true
    var isAnchored = false
    for node in nodes {
      switch node {
      case .begin: isAnchored = true
      case .condition, .empty: break
      case .unboundedLook(let inside, let range):
        let feature = UnreadFeature(name: "a look-around of unbounded length", range: range)
        guard isHead, isAnchored else { return .failure(feature) }
        let alone = ParsedPattern(root: .concat([.begin, inside]))
        var judge = Judge(limits: limits)
        guard case .bounded(let more, _) = judge.judged(alone, exactCounts: false) else {
          return .failure(feature)
        }
        steps += more
      default:
        isHead = false
        if let range = node.unboundedLook {
          return .failure(UnreadFeature(name: "a look-around of unbounded length", range: range))
        }
      }
    }
    return .success(steps)
  }
}

extension PatternNode {
  fileprivate var unboundedLook: Range<Int>? {
    switch self {
    case .empty, .set, .begin, .end, .condition: return nil
    case .unboundedLook(_, let range): return range
    case .repeated(let node, _): return node.unboundedLook
    case .concat(let nodes), .choice(let nodes):
      for node in nodes { if let range = node.unboundedLook { return range } }
      return nil
    }
  }
}
