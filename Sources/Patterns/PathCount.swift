// How many paths a text can open at most, for automata in which that number is bounded. All texts
// are followed at once: a set of states with the number of paths to each is a node, and the same
// numbers reached again need no second look. A bounded automaton has finitely many of them.

/// The most work that one byte of a text can cause.
struct PathCount {
  enum Answer: Equatable {
    /// Paths tried for one character of the text.
    case bound(Int)
    /// More than the limit; the word leads there.
    case tooMany(word: [Int])
    case unknown
  }

  private struct Counted: Hashable {
    var state: Int
    var paths: Int
  }

  private let graph: StateGraph
  private let limits: PatternLimits

  init(_ graph: StateGraph, limits: PatternLimits) {
    self.graph = graph
    self.limits = limits
  }

  /// - Parameter everywhere: count the matches tried at all places together, not at one.
  func most(everywhere: Bool) -> Answer {
    let start = Counted(state: PositionAutomaton.start, paths: 1)
    var search = WordSearch(from: [[start]])
    var most = 1
    var steps = limits.stepsMax
    while let node = search.pop() {
      let work = node.reduce(0) { $0 + $1.paths * (1 + fanOut($1.state)) }
      most = max(most, work)
      if work > limits.stepsPerByteMax { return .tooMany(word: search.word(to: node).word) }
      for symbol in symbols(of: node) {
        var next: [Int: Int] = everywhere ? [PositionAutomaton.start: 1] : [:]
        for counted in node {
          for edge in graph.automaton.edges[counted.state] {
            steps -= 1
            if edge.label.contains(symbol) { add(edge, counted.paths, to: &next) }
          }
        }
        guard steps > 0 else { return .unknown }
        if next.isEmpty { continue }
        let sorted = next.map { Counted(state: $0.key, paths: $0.value) }
          .sorted { $0.state < $1.state }
        search.add(sorted, from: node, by: symbol)
      }
    }
    return .bound(most)
  }

  /// A way into a state that cannot fail is the last one, so it counts once.
  private func add(_ edge: PositionAutomaton.Edge, _ paths: Int, to next: inout [Int: Int]) {
    if graph.sure.contains(edge.to) {
      next[edge.to] = 1
    } else {
      let most = limits.stepsPerByteMax + 1
      next[edge.to] = min(next[edge.to, default: 0] + paths * edge.ways, most)
    }
  }

  /// The ways that are tried and fail at once: alternatives cost even when none fits.
  private func fanOut(_ state: Int) -> Int {
    graph.automaton.edges[state].reduce(0) { $0 + $1.ways }
  }

  private func symbols(of node: [Counted]) -> [Int] {
    var all = ClassSet.none
    for counted in node {
      for edge in graph.automaton.edges[counted.state] { all = all.union(edge.label) }
    }
    // The ends of the text open nothing in its middle.
    all = all.intersection(graph.automaton.alphabet.everything)
    if node.first?.state == PositionAutomaton.start, graph.automaton.isAnchored {
      all.insert(graph.automaton.alphabet.begin)
    }
    return (0...graph.automaton.alphabet.end).filter(all.contains)
  }
}
