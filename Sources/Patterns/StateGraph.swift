// What the searches of the analysis share: which states lie on loops, which states end a search,
// and a walk that counts its steps.

/// An automaton, seen as a graph.
struct StateGraph {
  let automaton: PositionAutomaton
  /// The strongly connected component of each state.
  let component: [Int]
  /// The states of each component that holds a loop.
  let loops: [Int: [Int]]
  /// States that a matcher reaches only once in all its ways: from there it cannot fail, so what
  /// it tries next is its last way.
  let sure: Set<Int>

  init(_ automaton: PositionAutomaton) {
    self.automaton = automaton
    sure = Self.sureStates(automaton)
    component = Self.components(automaton.edges.map { $0.map(\.to) })
    var members: [Int: [Int]] = [:]
    for state in automaton.edges.indices { members[component[state], default: []].append(state) }
    loops = members.filter { _, states in
      states.count > 1
        || states.contains { state in automaton.edges[state].contains { $0.to == state } }
    }
  }

  /// Accepting states, and those like `.*$` that take all there is up to the end.
  private static func sureStates(_ automaton: PositionAutomaton) -> Set<Int> {
    var sure = automaton.accepts
    var end = ClassSet()
    end.insert(automaton.alphabet.end)
    for state in automaton.edges.indices {
      let edges = automaton.edges[state]
      let takesAll = edges.contains { $0.to == state && $0.label == automaton.alphabet.everything }
      let ends = edges.contains { $0.label == end && automaton.accepts.contains($0.to) }
      if takesAll, ends { sure.insert(state) }
    }
    return sure
  }

  /// Tarjan's algorithm with a stack of its own: a pattern decides how long the paths are.
  private static func components(_ next: [[Int]]) -> [Int] {
    var order = Array(repeating: -1, count: next.count)
    var low = order
    var component = order
    var stack: [Int] = []
    var visits: [(state: Int, edge: Int)] = []
    var counter = 0
    var found = 0
    for root in next.indices where order[root] < 0 {
      visits.append((root, 0))
      while let visit = visits.last {
        let state = visit.state
        if visit.edge == 0 {
          order[state] = counter
          low[state] = counter
          counter += 1
          stack.append(state)
        }
        if visit.edge < next[state].count {
          visits[visits.count - 1].edge += 1
          let to = next[state][visit.edge]
          if order[to] < 0 {
            visits.append((to, 0))
          } else if component[to] < 0 {
            low[state] = min(low[state], order[to])
          }
          continue
        }
        if low[state] == order[state] {
          while let member = stack.popLast() {
            component[member] = found
            if member == state { break }
          }
          found += 1
        }
        visits.removeLast()
        if let parent = visits.last { low[parent.state] = min(low[parent.state], low[state]) }
      }
    }
    return component
  }
}

/// A search by breadth from some nodes to a goal; the classes on the shortest way are its word.
struct WordSearch<Node: Hashable> {
  private struct Step {
    let from: Node
    let by: Int
  }

  private var isStart: Set<Node> = []
  private var origin: [Node: Step] = [:]
  private var queue: [Node] = []
  private var next = 0

  init(from nodes: [Node]) {
    for node in nodes where isStart.insert(node).inserted { queue.append(node) }
  }

  /// The next node whose ways on are to be added.
  mutating func pop() -> Node? {
    guard next < queue.count else { return nil }
    defer { next += 1 }
    return queue[next]
  }

  mutating func add(_ node: Node, from: Node, by symbol: Int) {
    guard origin[node] == nil, !isStart.contains(node) else { return }
    origin[node] = Step(from: from, by: symbol)
    queue.append(node)
  }

  /// The symbols on the way to a node that was reached, and where the way began.
  func word(to node: Node) -> (word: [Int], start: Node) {
    var word: [Int] = []
    var at = node
    while let step = origin[at] {
      word.append(step.by)
      at = step.from
    }
    return (word.reversed(), at)
  }
}
