// Conditions as sets of conjunctions: what must hold together for a branch to be taken. All that
// is asked of them is whether one implies another; "no" means "not known".
//
// Truth has three values (LANGUAGE §8). What is concluded here is only ever "if this test comes
// out as true, that one did too". Both look at the same subject at the same epoch, so that where
// one is an error the other is, and an error is not true.

/// One key of one subject.
struct Element: Hashable, Sendable {
  let subject: Int
  /// Folded, unless `isOctet`.
  let pattern: Pattern
  /// Compared byte by byte, and there are letters in which that makes a difference.
  var isOctet = false

  /// Whether every message that `other` takes is taken by this one.
  func covers(_ other: Element) -> Bool {
    guard subject == other.subject else { return false }
    if isOctet && !other.isOctet { return false }
    return pattern.covers(!isOctet && other.isOctet ? other.pattern.folded() : other.pattern)
  }

  /// Whether one value cannot be taken by both. Case is left out of account, which can only make
  /// more values seem common.
  func excludes(_ other: Element) -> Bool {
    let mine = isOctet ? pattern.folded() : pattern
    let others = other.isOctet ? other.pattern.folded() : other.pattern
    return subject == other.subject && mine.excludes(others)
  }
}

/// Why a literal is known to hold where it does.
struct Origin: Equatable, Sendable {
  enum Kind: Equatable, Sendable { case enclosing, branchBefore }
  let kind: Kind
  let range: SourceRange
}

/// One of some elements matches, or none of them does.
struct Literal: Sendable {
  var elements: [Element]
  let isPositive: Bool
  var origin: Origin?

  /// Comparisons of two literals; beyond that nothing is known.
  private static let pairsMax = 4_096

  /// Whether this one makes sure of `other`.
  func implies(_ other: Literal, _ facts: FlowFacts) -> Bool {
    switch (isPositive, other.isPositive) {
    case (true, true): Self.isCovered(elements, by: other.elements, facts)
    case (false, false): Self.isCovered(other.elements, by: elements, facts)
    case (true, false): excludes(other, facts)
    case (false, true): false
    }
  }

  /// Whether both, taken positively, cannot match the same value.
  func excludes(_ other: Literal, _ facts: FlowFacts) -> Bool {
    guard let subject = elements.first?.subject, facts.subjects.isSingle[subject],
      elements.count * other.elements.count <= Self.pairsMax
    else { return false }
    return elements.allSatisfy { mine in
      mine.subject == subject && other.elements.allSatisfy { facts.excludes(mine, $0) }
    }
  }

  /// Whether both cannot hold together.
  func contradicts(_ other: Literal, _ facts: FlowFacts) -> Bool {
    switch (isPositive, other.isPositive) {
    case (true, true): excludes(other, facts)
    case (true, false): Self.isCovered(elements, by: other.elements, facts)
    case (false, true): Self.isCovered(other.elements, by: elements, facts)
    case (false, false): false
    }
  }

  private static func isCovered(
    _ inner: [Element], by outer: [Element], _ facts: FlowFacts
  ) -> Bool {
    if inner == outer { return true }
    guard inner.count * outer.count <= pairsMax else { return false }
    return inner.allSatisfy { one in outer.contains { facts.covers($0, one) } }
  }
}

/// Literals that hold together.
struct Conjunction: Sendable {
  var literals: [Literal] = []

  func implies(_ other: Literal, _ facts: FlowFacts) -> Bool {
    literals.contains { $0.implies(other, facts) }
  }

  /// A literal that contradicts another one, in the order given; nil when none does.
  func contradiction(_ facts: FlowFacts) -> (Literal, Literal)? {
    for (index, later) in literals.enumerated() {
      for earlier in literals[..<index] where later.contradicts(earlier, facts) {
        return (earlier, later)
      }
    }
    return nil
  }

  func joined(_ other: Conjunction) -> Conjunction {
    Conjunction(literals: literals + other.literals)
  }
}

/// A condition: one of these conjunctions holds. Empty is false, one empty conjunction true.
struct Condition: Sendable {
  var disjuncts: [Conjunction]

  static let always = Condition(disjuncts: [Conjunction()])
  static let never = Condition(disjuncts: [])

  var isConstant: Bool { disjuncts.isEmpty || disjuncts.contains { $0.literals.isEmpty } }

  /// More would cost more than such a rule is worth.
  static let disjunctsMax = 32
  static let literalsMax = 64

  /// Both hold; nil when that is too large to write down.
  func and(_ other: Condition) -> Condition? {
    guard disjuncts.count * other.disjuncts.count <= Self.disjunctsMax else { return nil }
    var result: [Conjunction] = []
    for left in disjuncts {
      for right in other.disjuncts {
        let both = left.joined(right)
        guard both.literals.count <= Self.literalsMax else { return nil }
        result.append(both)
      }
    }
    return Condition(disjuncts: result)
  }

  /// One of both holds. Single positive literals become one with all their elements.
  func or(_ other: Condition) -> Condition? {
    var result: [Conjunction] = []
    var elements: [Element] = []
    for conjunction in disjuncts + other.disjuncts {
      if conjunction.literals.isEmpty { return .always }
      if conjunction.literals.count == 1, conjunction.literals[0].isPositive {
        elements += conjunction.literals[0].elements
      } else {
        result.append(conjunction)
      }
    }
    if !elements.isEmpty {
      result.append(Conjunction(literals: [Literal(elements: elements, isPositive: true)]))
    }
    return result.count <= Self.disjunctsMax ? Condition(disjuncts: result) : nil
  }

  /// The same condition with a note on where its literals come from.
  func from(_ origin: Origin) -> Condition {
    Condition(
      disjuncts: disjuncts.map { conjunction in
        Conjunction(
          literals: conjunction.literals.map {
            var literal = $0
            literal.origin = literal.origin ?? origin
            return literal
          })
      })
  }
}
