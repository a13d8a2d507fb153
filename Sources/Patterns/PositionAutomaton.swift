// A pattern as an automaton whose states are the characters of the pattern (Glushkov). It has one
// path for each way in which a backtracking matcher can take a text: so it counts how often the
// same edge arises, which a plain automaton forgets. `(a*)*` has two edges from `a` to itself.

/// A set of the classes of characters that a pattern tells apart.
struct ClassSet: Equatable, Hashable, Sendable {
  private var bits: SIMD4<UInt64> = .zero

  static let none = ClassSet()

  func contains(_ index: Int) -> Bool { bits[index >> 6] & (1 << UInt64(index & 63)) != 0 }
  mutating func insert(_ index: Int) { bits[index >> 6] |= 1 << UInt64(index & 63) }
  var isEmpty: Bool { bits == .zero }
  func intersection(_ other: ClassSet) -> ClassSet { with(bits & other.bits) }
  func union(_ other: ClassSet) -> ClassSet { with(bits | other.bits) }
  func subtracting(_ other: ClassSet) -> ClassSet { with(bits & ~other.bits) }
  func meets(_ other: ClassSet) -> Bool { bits & other.bits != .zero }

  /// The lowest member.
  var first: Int? {
    for lane in 0..<4 where bits[lane] != 0 { return lane * 64 + bits[lane].trailingZeroBitCount }
    return nil
  }

  private func with(_ bits: SIMD4<UInt64>) -> ClassSet {
    var result = ClassSet()
    result.bits = bits
    return result
  }
}

struct PositionAutomaton: Sendable {
  struct Edge: Sendable {
    var to: Int
    /// What the character taken by `to` can be here.
    var label: ClassSet
    /// How many ways of the pattern lead along this edge, up to `waysMax`.
    var ways: Int
  }

  static let waysMax = 1_000
  /// State 0 is the start; the others are positions of the pattern.
  static let start = 0

  let alphabet: Alphabet
  /// Of each state, where its character stands in the pattern's text.
  var places: [Range<Int>] = [0..<0]
  var edges: [[Edge]] = [[]]
  /// States behind which nothing need follow: to reach one is to match.
  var accepts: Set<Int> = []
  /// States behind which only an assertion that is not modelled stands.
  var mayAccept: Set<Int> = []
  let isAnchored: Bool
}

/// The classes of characters that a pattern tells apart, the ends of the text among them.
struct Alphabet: Sendable {
  /// Classes of characters are numbered from 0; `begin` and `end` follow.
  let ranges: [(range: ClosedRange<UInt32>, index: Int)]
  let classCount: Int
  let samples: [UInt32]
  var begin: Int { classCount }
  var end: Int { classCount + 1 }
  /// Every character, neither end.
  let everything: ClassSet

  /// Nil when there are too many classes.
  init?(telling sets: Set<ScalarSet>, classesMax: Int) {
    let sets = Array(sets)
    var borders: Set<UInt32> = [0, 0xD800, 0xE000, 0x110000]
    for set in sets {
      for range in set.ranges {
        borders.insert(range.lowerBound)
        borders.insert(range.upperBound + 1)
      }
    }
    let sorted = borders.sorted()
    var numbers: [[Bool]: Int] = [:]
    var ranges: [(range: ClosedRange<UInt32>, index: Int)] = []
    var samples: [UInt32] = []
    for (low, next) in zip(sorted, sorted.dropFirst()) where low != 0xD800 {
      let signature = sets.map { $0.contains(low) }
      let known = numbers[signature]
      let index = known ?? numbers.count
      if known == nil {
        numbers[signature] = index
        samples.append(Self.readable(in: low...next - 1))
      } else if !Self.isReadable(samples[index]) {
        samples[index] = Self.readable(in: low...next - 1)
      }
      ranges.append((low...next - 1, index))
    }
    guard numbers.count <= classesMax else { return nil }
    self.ranges = ranges
    self.samples = samples
    classCount = numbers.count
    var everything = ClassSet()
    for index in 0..<numbers.count { everything.insert(index) }
    self.everything = everything
  }

  func classes(of set: ScalarSet) -> ClassSet {
    var found = ClassSet()
    for (range, index) in ranges where set.contains(range.lowerBound) { found.insert(index) }
    return found
  }

  /// A member that prints well, where there is one.
  private static func readable(in range: ClosedRange<UInt32>) -> UInt32 {
    for wished in [UInt32(97)...122, 48...57, 65...90, 33...126] where range.overlaps(wished) {
      return range.clamped(to: wished).lowerBound
    }
    return range.lowerBound
  }

  private static func isReadable(_ value: UInt32) -> Bool { value > 32 && value < 127 }
}

// MARK: From the tree

extension PositionAutomaton {
  /// Too large or too varied for the limits.
  struct TooLarge: Error {}

  init(_ pattern: ParsedPattern, exactCounts: Bool, limits: PatternLimits) throws(TooLarge) {
    var sets: Set<ScalarSet> = []
    pattern.root.collectSets(into: &sets)
    guard let alphabet = Alphabet(telling: sets, classesMax: limits.classesMax) else {
      throw TooLarge()
    }
    self.alphabet = alphabet
    isAnchored = pattern.root.isAnchored
    var builder = AutomatonBuilder(alphabet, exactCounts: exactCounts, limits: limits)
    let whole = try builder.build(pattern.root)
    places = builder.places
    edges = builder.mergedEdges()
    edges[Self.start] = AutomatonBuilder.merged(
      whole.first.map { Edge(to: $0.state, label: builder.labels[$0.state], ways: $0.ways) })
    for exit in whole.last {
      if exit.isSure { accepts.insert(exit.state) } else { mayAccept.insert(exit.state) }
    }
    if whole.nullWays > 0 {
      if whole.isNullSure { accepts.insert(Self.start) } else { mayAccept.insert(Self.start) }
    }
    mayAccept.subtract(accepts)
  }
}

extension PatternNode {
  func collectSets(into sets: inout Set<ScalarSet>) {
    switch self {
    case .empty, .begin, .end, .condition, .unboundedLook: break
    case .set(let set, _): sets.insert(set)
    case .concat(let nodes), .choice(let nodes): for node in nodes { node.collectSets(into: &sets) }
    case .repeated(let node, _): node.collectSets(into: &sets)
    }
  }
}
