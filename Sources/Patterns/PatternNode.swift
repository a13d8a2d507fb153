// A pattern as a tree, as far as the analysis understands it.

/// What a node matches. Groups that only hold things together leave no node behind.
indirect enum PatternNode: Sendable {
  /// The empty text.
  case empty
  /// One character of a set; the place in the pattern's text is for messages.
  case set(ScalarSet, Range<Int>)
  /// Both ends of the whole text.
  case begin
  case end
  /// Holds or not, and takes nothing.
  case condition(Condition)
  case concat([PatternNode])
  case choice([PatternNode])
  case repeated(PatternNode, Repetition)
  /// A look-around whose content is of unbounded length.
  case unboundedLook(PatternNode, Range<Int>)

  enum Condition: Sendable {
    case wordBoundary, noWordBoundary
    /// `(?m)^`, `\Z`, a look-around of bounded length: taken as "perhaps".
    case other
  }

  struct Repetition: Sendable, Equatable {
    var min: Int
    /// Nil for no bound.
    var max: Int?
    /// `++`, `*+`: what was taken is not given back.
    var isPossessive = false
  }
}

extension PatternNode {
  /// The greatest number of characters a match takes; nil without bound.
  var longest: Int? {
    switch self {
    case .empty, .begin, .end, .condition, .unboundedLook: return 0
    case .set: return 1
    case .concat(let nodes):
      var sum = 0
      for node in nodes {
        guard let length = node.longest else { return nil }
        sum = Swift.min(sum + length, Self.lengthMax)
      }
      return sum
    case .choice(let nodes):
      var most = 0
      for node in nodes {
        guard let length = node.longest else { return nil }
        most = Swift.max(most, length)
      }
      return most
    case .repeated(let node, let times):
      guard let length = node.longest else { return nil }
      if length == 0 { return 0 }
      guard let most = times.max else { return nil }
      return Swift.min(length * most, Self.lengthMax)
    }
  }

  private static let lengthMax = 1 << 40

  /// Whether every match begins at the start of the text.
  var isAnchored: Bool {
    switch self {
    case .begin: return true
    case .empty, .set, .end, .condition, .unboundedLook: return false
    case .concat(let nodes):
      for node in nodes {
        if node.isAnchored { return true }
        guard case .condition = node else { return false }
      }
      return false
    case .choice(let nodes): return !nodes.isEmpty && nodes.allSatisfy(\.isAnchored)
    case .repeated(let node, let times): return times.min > 0 && node.isAnchored
    }
  }
}

/// Why the analysis cannot judge a pattern: it has what no automaton has, or something that this
/// reader does not know.
package struct UnreadFeature: Error, Equatable, Sendable {
  /// How messages name it: "a back-reference".
  package let name: String
  /// Where in the pattern, in bytes.
  package let range: Range<Int>
}

/// A pattern as read.
struct ParsedPattern: Sendable {
  var root: PatternNode
  /// The automaton matches exactly what PCRE2 matches: nothing was read as "perhaps".
  var isRegular = true
  /// There are `(…)` whose content can be read as `${1}`.
  var hasGroups = false
}
