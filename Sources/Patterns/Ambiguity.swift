// Finds the patterns whose backtracking explodes. A failing match tries every path of the
// automaton that its text allows, so the question is how the number of paths grows with the text
// (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991):
//
// - exponentially, if some state leads back to itself on one text in two ways;
// - as a power of the length, if a state p leads to itself, to q, and q to itself on one text;
// - and a matcher that may begin anywhere adds a loop over all characters in front.

/// Searches of bounded length over one automaton.
struct Ambiguity {
  /// A text that shows it: from the start, `prefix` leads to where `pump` can be repeated.
  struct Witness: Equatable {
    enum Growth: Sendable { case exponential, polynomial, restarts }
    var growth: Growth
    var prefix: [Int]
    var pump: [Int]
    /// The states that fight over the same text.
    var states: [Int]
  }

  enum Answer: Equatable {
    case none
    case found(Witness)
    /// The steps ran out.
    case unknown
  }

  let graph: StateGraph
  private var steps: Int

  init(_ graph: StateGraph, limits: PatternLimits) {
    self.graph = graph
    steps = limits.stepsMax
  }

  private typealias Edge = PositionAutomaton.Edge

  private func edges(_ state: Int) -> [Edge] { graph.automaton.edges[state] }

  private struct OutOfSteps: Error {}

  private mutating func step(_ count: Int = 1) throws(OutOfSteps) {
    steps -= count
    if steps < 0 { throw OutOfSteps() }
  }

  /// The worst that a match at one place can do.
  mutating func atOnePlace() -> Answer {
    do {
      if let witness = try exponential() { return .found(witness) }
      if let witness = try polynomial() { return .found(witness) }
      return .none
    } catch {
      return .unknown
    }
  }

  /// Whether the places at which a match is tried go over the same text again and again.
  mutating func overPlaces() -> Answer {
    guard !graph.automaton.isAnchored else { return .none }
    do {
      for states in graph.loops.values {
        for state in states where !graph.sure.contains(state) {
          if let pump = try restart(state) {
            return .found(.init(growth: .restarts, prefix: [], pump: pump, states: [state]))
          }
        }
      }
      return .none
    } catch {
      return .unknown
    }
  }

  // MARK: Exponential

  private struct Pair: Hashable {
    var left: Int
    var right: Int
  }

  private mutating func exponential() throws(OutOfSteps) -> Witness? {
    for states in graph.loops.values.sorted(by: { $0[0] < $1[0] }) {
      let inside = Set(states).subtracting(graph.sure)
      for state in states where inside.contains(state) {
        for edge in edges(state) where edge.ways > 1 && inside.contains(edge.to) {
          guard let symbol = edge.label.first else { continue }
          if let back = try word(from: edge.to, to: state, within: inside) {
            let pump = [symbol] + back
            return try witness(.exponential, at: state, pump, [state, edge.to])
          }
        }
      }
      if let found = try twoWays(inside) { return found }
    }
    return nil
  }

  /// From one state by two different states back to one state, on the same text.
  private mutating func twoWays(_ inside: Set<Int>) throws(OutOfSteps) -> Witness? {
    var search = WordSearch(from: inside.sorted().map { Pair(left: $0, right: $0) })
    while let pair = search.pop() {
      for first in edges(pair.left) where inside.contains(first.to) {
        for second in edges(pair.right) where inside.contains(second.to) {
          try step()
          guard let symbol = first.label.intersection(second.label).first else { continue }
          if first.to != second.to {
            let next = Pair(
              left: min(first.to, second.to), right: max(first.to, second.to))
            search.add(next, from: pair, by: symbol)
          } else if pair.left != pair.right {
            let (word, start) = search.word(to: pair)
            guard let back = try self.word(from: first.to, to: start.left, within: inside) else {
              continue
            }
            let pump = word + [symbol] + back
            return try witness(.exponential, at: start.left, pump, [pair.left, pair.right])
          }
        }
      }
    }
    return nil
  }

  // MARK: Polynomial

  private struct Triple: Hashable {
    var first: Int
    var middle: Int
    var last: Int
  }

  private mutating func polynomial() throws(OutOfSteps) -> Witness? {
    let looping = graph.loops.values.flatMap { $0 }.sorted()
    for from in looping {
      let reached = try reach(from)
      for to in looping where !graph.sure.contains(to) && reached.contains(to) {
        if graph.component[from] == graph.component[to] { continue }
        guard let pump = try pump(from, to) else { continue }
        return try witness(.polynomial, at: from, pump, [from, to])
      }
    }
    return nil
  }

  /// A text that leads `from` to itself, `from` to `to`, and `to` to itself.
  private mutating func pump(_ from: Int, _ to: Int) throws(OutOfSteps) -> [Int]? {
    let fromIsSure = graph.sure.contains(from)
    let goal = Triple(first: from, middle: to, last: to)
    var search = WordSearch(from: [Triple(first: from, middle: from, last: to)])
    while let triple = search.pop() {
      if triple == goal { return search.word(to: triple).word }
      for last in edges(triple.last) where isLoop(last.to, of: to) {
        for first in edges(triple.first) where isLoop(first.to, of: from) {
          let common = first.label.intersection(last.label)
          try step()
          guard !common.isEmpty else { continue }
          for middle in edges(triple.middle) {
            try step()
            // A way through a state that cannot fail is the last one.
            if graph.sure.contains(middle.to), !fromIsSure { continue }
            guard let symbol = common.intersection(middle.label).first else { continue }
            let next = Triple(first: first.to, middle: middle.to, last: last.to)
            search.add(next, from: triple, by: symbol)
          }
        }
      }
    }
    return nil
  }

  private func isLoop(_ state: Int, of root: Int) -> Bool {
    graph.component[state] == graph.component[root]
      && (!graph.sure.contains(state) || graph.sure.contains(root))
  }

  // MARK: Restarts

  /// A text that leads from the start to a loop's state, and that state to itself.
  private mutating func restart(_ loop: Int) throws(OutOfSteps) -> [Int]? {
    let goal = Pair(left: loop, right: loop)
    var search = WordSearch(from: [Pair(left: PositionAutomaton.start, right: loop)])
    while let pair = search.pop() {
      if pair == goal { return search.word(to: pair).word }
      for last in edges(pair.right) where isLoop(last.to, of: loop) {
        // The place where the match begins may come later in the text.
        if pair.left == PositionAutomaton.start {
          let skipped = last.label.intersection(graph.automaton.alphabet.everything)
          if let symbol = skipped.first {
            search.add(Pair(left: pair.left, right: last.to), from: pair, by: symbol)
          }
        }
        for first in edges(pair.left) where !graph.sure.contains(first.to) {
          try step()
          guard let symbol = first.label.intersection(last.label).first else { continue }
          search.add(Pair(left: first.to, right: last.to), from: pair, by: symbol)
        }
      }
    }
    return nil
  }

  // MARK: Ways

  private mutating func witness(
    _ growth: Witness.Growth, at state: Int, _ pump: [Int], _ states: [Int]
  ) throws(OutOfSteps) -> Witness? {
    guard let prefix = try word(from: PositionAutomaton.start, to: state, within: nil) else {
      return nil
    }
    return Witness(growth: growth, prefix: prefix, pump: pump, states: states)
  }

  private mutating func word(
    from: Int, to: Int, within: Set<Int>?
  ) throws(OutOfSteps) -> [Int]? {
    var search = WordSearch(from: [from])
    while let state = search.pop() {
      if state == to { return search.word(to: state).word }
      for edge in edges(state) where within?.contains(edge.to) ?? true {
        try step()
        if let symbol = edge.label.first { search.add(edge.to, from: state, by: symbol) }
      }
    }
    return nil
  }

  private mutating func reach(_ from: Int) throws(OutOfSteps) -> Set<Int> {
    var search = WordSearch(from: [from])
    var reached: Set<Int> = []
    while let state = search.pop() {
      reached.insert(state)
      for edge in edges(state) {
        try step()
        search.add(edge.to, from: state, by: 0)
      }
    }
    return reached
  }
}
