// From a pattern's tree to the edges of its automaton (Glushkov), with the number of ways along
// each.

/// Builds the edges, node by node.
struct AutomatonBuilder {
  struct Entry {
    var state: Int
    var ways: Int
  }

  struct Exit {
    var state: Int
    var ways: Int
    /// What the next character cannot be, behind a possessive repetition.
    var excluded: ClassSet
    /// No assertion stands between this state and the end of the node.
    var isSure: Bool
  }

  struct Fragment {
    /// Ways to take nothing.
    var nullWays = 0
    var isNullSure = true
    var first: [Entry] = []
    var last: [Exit] = []

    static let empty = Fragment(nullWays: 1)
  }

  let alphabet: Alphabet
  let exactCounts: Bool
  let limits: PatternLimits
  var places: [Range<Int>] = [0..<0]
  var labels: [ClassSet] = [.none]
  private var edges: [[PositionAutomaton.Edge]] = [[]]
  private var edgeCount = 0

  init(_ alphabet: Alphabet, exactCounts: Bool, limits: PatternLimits) {
    self.alphabet = alphabet
    self.exactCounts = exactCounts
    self.limits = limits
  }

  mutating func build(_ node: PatternNode) throws(PositionAutomaton.TooLarge) -> Fragment {
    switch node {
    case .empty: return .empty
    case .condition, .unboundedLook: return Fragment(nullWays: 1, isNullSure: false)
    case .set(let set, let place): return try position(alphabet.classes(of: set), place)
    case .begin: return try position(only(alphabet.begin), 0..<0)
    case .end: return try position(only(alphabet.end), 0..<0)
    case .concat(let nodes):
      var whole = Fragment.empty
      for node in nodes { whole = try joined(whole, try build(node)) }
      return whole
    case .choice(let nodes):
      var whole = Fragment()
      for node in nodes { unite(&whole, try build(node)) }
      return whole
    case .repeated(let node, let times): return try repeated(node, times)
    }
  }

  private func only(_ index: Int) -> ClassSet {
    var set = ClassSet()
    set.insert(index)
    return set
  }

  private mutating func position(
    _ label: ClassSet, _ place: Range<Int>
  ) throws(PositionAutomaton.TooLarge) -> Fragment {
    guard labels.count < limits.positionsMax else { throw PositionAutomaton.TooLarge() }
    let state = labels.count
    labels.append(label)
    places.append(place)
    edges.append([])
    return Fragment(
      first: [Entry(state: state, ways: 1)],
      last: [Exit(state: state, ways: 1, excluded: .none, isSure: true)])
  }

  private func product(_ left: Int, _ right: Int) -> Int {
    min(left * right, PositionAutomaton.waysMax)
  }

  private mutating func connect(
    _ last: [Exit], _ first: [Entry]
  ) throws(PositionAutomaton.TooLarge) {
    for exit in last {
      for entry in first {
        let label = labels[entry.state].subtracting(exit.excluded)
        if label.isEmpty { continue }
        edgeCount += 1
        guard edgeCount <= limits.edgesMax else { throw PositionAutomaton.TooLarge() }
        let ways = product(exit.ways, entry.ways)
        edges[exit.state].append(.init(to: entry.state, label: label, ways: ways))
      }
    }
  }

  private mutating func joined(
    _ left: Fragment, _ right: Fragment
  ) throws(PositionAutomaton.TooLarge) -> Fragment {
    try connect(left.last, right.first)
    var whole = Fragment(
      nullWays: product(left.nullWays, right.nullWays),
      isNullSure: left.isNullSure && right.isNullSure, first: left.first, last: right.last)
    if left.nullWays > 0 {
      whole.first += right.first.map {
        Entry(state: $0.state, ways: product($0.ways, left.nullWays))
      }
    }
    if right.nullWays > 0 {
      whole.last += left.last.map {
        var exit = $0
        exit.ways = product(exit.ways, right.nullWays)
        exit.isSure = exit.isSure && right.isNullSure
        return exit
      }
    }
    return whole
  }

  private func unite(_ whole: inout Fragment, _ more: Fragment) {
    let hadNull = whole.nullWays > 0
    whole.nullWays = min(whole.nullWays + more.nullWays, PositionAutomaton.waysMax)
    if more.nullWays > 0 {
      whole.isNullSure = (hadNull && whole.isNullSure) || more.isNullSure
    }
    whole.first += more.first
    whole.last += more.last
  }

  private mutating func repeated(
    _ node: PatternNode, _ times: PatternNode.Repetition
  ) throws(PositionAutomaton.TooLarge) -> Fragment {
    // Read as more: `x{3,200}` as `xxx+`. Exact where nobody would count that far.
    let copiesMax = exactCounts ? limits.positionsMax : limits.copiesMax
    let low = min(times.min, copiesMax)
    let high = (times.max ?? .max) > copiesMax ? nil : times.max
    var whole = Fragment.empty
    for _ in 0..<(high == nil ? max(low - 1, 0) : low) {
      whole = try joined(whole, try build(node))
    }
    if let high {
      // x{2,4} is xx(x(x)?)?, from the inside out.
      var tail = Fragment.empty
      for _ in low..<max(high, low) {
        tail = try joined(try build(node), tail)
        unite(&tail, .empty)
      }
      return try joined(whole, tail)
    }
    var loop = try loop(node, isPossessive: times.isPossessive)
    if low == 0 { unite(&loop, .empty) }
    return try joined(whole, loop)
  }

  /// Once or more.
  private mutating func loop(
    _ node: PatternNode, isPossessive: Bool
  ) throws(PositionAutomaton.TooLarge) -> Fragment {
    var loop = try build(node)
    try connect(loop.last, loop.first)
    // An iteration that takes nothing is the last one, so it can only follow or stand alone.
    let ways = 1 + loop.nullWays
    for index in loop.last.indices {
      loop.last[index].ways = product(loop.last[index].ways, ways)
      if isPossessive, case .set(let set, _) = node {
        loop.last[index].excluded = alphabet.classes(of: set)
      }
    }
    return loop
  }

  /// Edges with the same two ends as one, so that two of them count as two ways.
  func mergedEdges() -> [[PositionAutomaton.Edge]] { edges.map(Self.merged) }

  static func merged(_ edges: [PositionAutomaton.Edge]) -> [PositionAutomaton.Edge] {
    var result: [PositionAutomaton.Edge] = []
    for edge in edges.sorted(by: { $0.to < $1.to }) {
      guard let last = result.last, last.to == edge.to else {
        result.append(edge)
        continue
      }
      let ways = min(last.ways + edge.ways, PositionAutomaton.waysMax)
      result[result.count - 1].label = last.label.union(edge.label)
      result[result.count - 1].ways = ways
    }
    return result
  }
}
