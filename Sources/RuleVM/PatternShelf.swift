// The patterns of a policy as many sessions share them: each is compiled when a text first gets as
// far as to it, so that a policy with thousands of patterns loads at once.
internal import Patterns
internal import RuleBytecode
internal import Synchronization

/// One pattern of the image.
final class ShelvedPattern: Sendable {
  let source: String
  let facts: PatternFacts
  /// A text that every match holds.
  let literal: RequiredLiteral?
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
    literal = RequiredLiteral.of(source, isCaseless: isCaseless)
  }

  /// Nil when PCRE2 takes the pattern no more: another release of it compiled the policy.
  var compiled: CompiledPattern? { ready.pattern }

  /// For a pattern that needs it.
  var startFinder: StartFinder? { ready.finder }

  /// Whether it is found in a text, outside of any session.
  func isFound(in text: Span<UInt8>, _ matchers: MatcherPool) -> Bool {
    if let literal, !text.contains(literal.bytes.span, folding: literal.isFolded) { return false }
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

  private let lists = Mutex<[Key: [ShelvedPattern]]>([:])
  let matchers = MatcherPool(groupsMax: ImageFormat.matchGroupsMax)

  package init() {}

  /// The patterns of a set, in their order. The verifier has seen that entries come in pairs.
  func list(
    of set: KeySet, isCaseless: Bool, _ program: borrowing VerifiedProgram
  ) -> [ShelvedPattern] {
    let key = Key(first: set.first, isCaseless: isCaseless)
    if let known = lists.withLock({ $0[key] }) { return known }
    var made: [ShelvedPattern] = []
    for index in stride(from: Int(set.first), to: Int(set.first) + Int(set.count), by: 2) {
      let source = program.program.text(ofEntry: index)
      let facts = PatternFacts(program.program.text(ofEntry: index + 1).utf8)
      made.append(
        ShelvedPattern(source, facts ?? PatternFacts(stepsPerByte: 0), isCaseless: isCaseless))
    }
    let list = made
    lists.withLock { $0[key] = list }
    return list
  }
}

extension Program {
  fileprivate func text(ofEntry index: Int) -> String {
    let range = entries[index]
    return String(
      decoding: stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)],
      as: UTF8.self)
  }
}
