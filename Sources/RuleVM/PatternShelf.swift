// The patterns of a policy as many sessions share them: each is compiled when a text first gets as
// far as to it, so that a policy with thousands of patterns loads at once.
internal import Patterns
internal import RuleBytecode
internal import Synchronization

/// One pattern of the image.
final class ShelvedPattern: Sendable {
  let source: String
  let facts: PatternFacts
  /// Texts that its matches hold.
  let needs: PatternNeeds
  private let isCaseless: Bool
  private let made = Mutex<Made?>(nil)

  private struct Made {
    let pattern: CompiledPattern?
    let finder: StartFinder?
  }

  init(_ source: String, _ facts: PatternFacts, isCaseless: Bool) {
    self.source = source
    self.facts = facts
    self.isCaseless = isCaseless
    needs = PatternNeeds(source, isCaseless: isCaseless)
  }

  /// Nil when PCRE2 takes the pattern no more: another release of it compiled the policy.
  var compiled: CompiledPattern? { ready.pattern }

  /// For a pattern that needs it.
  var startFinder: StartFinder? { ready.finder }

  /// Whether it is found in a text, outside of any session.
  func isFound(in text: Span<UInt8>, _ matchers: MatcherPool) -> Bool {
    if let literal = needs.literal,
      !text.contains(literal.bytes.span, folding: literal.isFolded)
    {
      return false
    }
    if facts.needsStart {
      var work = 0
      return startFinder?.start(in: text, anyPlace: true, work: &work) != nil
    }
    guard let compiled else { return false }
    let most = (facts.stepsPerByte + 1) * (text.count + 2) * 2 + 1_000
    let limits = MatchLimits(stepsMax: UInt32(clamping: most))
    return matchers.lend { $0.match(compiled, text, limits: limits) == .match } ?? false
  }

  private var ready: Made {
    made.withLock {
      if let made = $0 { return made }
      let options = PatternOptions(isCaseless: isCaseless, countsSteps: facts.countsSteps)
      let finder = facts.needsStart ? StartFinder(source, isCaseless: isCaseless) : nil
      let fresh = Made(pattern: try? CompiledPattern(source, options), finder: finder)
      $0 = fresh
      return fresh
    }
  }
}

package final class PatternShelf: Sendable {
  private struct Key: Hashable {
    let first: UInt32
    let isCaseless: Bool
  }

  private let lists = Mutex<[Key: PatternList]>([:])
  let matchers = MatcherPool(groupsMax: ImageFormat.matchGroupsMax)
  let fields: FieldSieves
  private let hasSieves: Bool

  /// For what matches no patterns of an image.
  init() {
    fields = FieldSieves()
    hasSieves = false
  }

  /// - Parameter hasSieves: false to match all patterns one by one.
  init(_ program: Program, hasSieves: Bool) {
    fields = hasSieves ? FieldSieves(program) : FieldSieves()
    self.hasSieves = hasSieves
  }

  /// The patterns of a set, in their order. The verifier has seen that entries come in pairs.
  func list(
    of set: KeySet, isCaseless: Bool, _ program: borrowing VerifiedProgram
  ) -> PatternList {
    let key = Key(first: set.first, isCaseless: isCaseless)
    if let known = lists.withLock({ $0[key] }) { return known }
    var made: [ShelvedPattern] = []
    for index in stride(from: Int(set.first), to: Int(set.first) + Int(set.count), by: 2) {
      let source = program.program.text(ofEntry: index)
      let facts = PatternFacts(program.program.bytes(ofEntry: index + 1))
      made.append(
        ShelvedPattern(source, facts ?? PatternFacts(stepsPerByte: 0), isCaseless: isCaseless))
    }
    let list = PatternList(made, isSieved: hasSieves)
    lists.withLock { $0[key] = list }
    return list
  }

  /// What the keys of a comparison need in a text.
  func needs(
    of set: KeySet, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) -> [PatternSieve.Need] {
    guard set.kind == .patterns else {
      return (Int(set.first)..<Int(set.first) + Int(set.count)).map {
        .whole(Array(program.program.bytes(ofEntry: $0)))
      }
    }
    return list(of: set, isCaseless: spec.comparator != .octet, program).patterns.map(\.need)
  }
}

/// Patterns that one comparison tries in order, with a sieve where they are many.
final class PatternList: Sendable {
  let patterns: [ShelvedPattern]
  private let isSieved: Bool
  private let made = Mutex<PatternSieve?>(nil)

  init(_ patterns: [ShelvedPattern], isSieved: Bool) {
    self.patterns = patterns
    self.isSieved = isSieved && patterns.count >= PatternSieve.patternsMin
  }

  /// Made when a text first comes to it; nil where one by one is as quick.
  var sieve: PatternSieve? {
    guard isSieved else { return nil }
    return made.withLock {
      if let known = $0 { return known }
      let sieve = PatternSieve(patterns.map(\.need))
      $0 = sieve
      return sieve
    }
  }
}

extension ShelvedPattern {
  fileprivate var need: PatternSieve.Need { needs.texts.map { .required($0) } ?? .unknown }
}

extension Program {
  fileprivate func text(ofEntry index: Int) -> String {
    String(decoding: bytes(ofEntry: index), as: UTF8.self)
  }
}
