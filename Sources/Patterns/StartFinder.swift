// Finds where the first match of a pattern begins, in one pass over the text whatever the text is.
//
// A matcher tries at each place of the text. Where a pattern begins with a repetition, as in
// `[a-z]+@example\.com`, the tries at neighbouring places go over the same text, and a sender can
// make them cost the square of its length. So the text is read once, from its end to its start, by
// an automaton of the pattern turned around: wherever it accepts, a match begins, and the last such
// place is the first match. PCRE2 is then asked at that place alone, or not at all.
//
// The automaton is deterministic and made as it is needed; its size is bounded, and where a text
// drives it past the bound it begins anew.

internal import Synchronization

package final class StartFinder: Sendable {
  private let nodes: [ReversedPattern.Node]
  private let entry: Int
  private let alphabet: Alphabet
  /// Of each ASCII character; of all others by search.
  private let asciiClasses: [UInt8]
  private let wordClasses: ClassSet
  private let idle = Mutex<[Table]>([])

  /// Nodes of the automaton: what one new state of a text can cost.
  package var size: Int { nodes.count }

  /// Nil for a pattern that no automaton can match, or a too large one.
  package init?(_ source: String, isCaseless: Bool, limits: PatternLimits = PatternLimits()) {
    guard
      let parsed = try? PatternParser.parse(source, isCaseless: isCaseless, limits: limits),
      parsed.isRegular, let reversed = ReversedPattern(parsed.root, limits: limits)
    else { return nil }
    nodes = reversed.nodes
    entry = reversed.entry
    alphabet = reversed.alphabet
    wordClasses = alphabet.classes(of: .word)
    asciiClasses = (0..<128).map { UInt8(reversed.alphabet.index(of: UInt32($0))) }
  }

  /// Where the first match begins; nil when there is none.
  /// - Parameters:
  ///   - anyPlace: any match will do.
  ///   - work: states of the automaton that had to be made, for the fuel.
  package func start(
    in text: Span<UInt8>, anyPlace: Bool = false, work: inout Int
  ) -> Int? {
    var table = idle.withLock { $0.popLast() } ?? Table(symbolCount: alphabet.classCount + 2)
    let before = table.made
    let found = start(in: text, anyPlace, &table)
    work += table.made - before
    let used = table
    idle.withLock { if $0.count < 2 { $0.append(used) } }
    return found
  }

  private func start(in text: Span<UInt8>, _ anyPlace: Bool, _ table: inout Table) -> Int? {
    let (begin, invalid) = (alphabet.classCount, alphabet.classCount + 1)
    var state = table.index(of: Table.State(kernel: [], behind: .end))
    var found: Int?
    var place = text.count
    while true {
      var symbol = begin
      var width = 0
      if place > 0 {
        let byte = text[place - 1]
        if byte < 0x80 {
          symbol = Int(asciiClasses[Int(byte)])
          width = 1
        } else {
          (symbol, width) = character(before: place, of: text) ?? (invalid, 1)
        }
      }
      let step = table.step(state, symbol) ?? make(state, symbol, &table)
      if step & 1 == 1 {
        found = place
        if anyPlace { return found }
      }
      if place == 0 { return found }
      place -= width
      state = Int(step >> 1)
    }
  }

  /// The class and length of the character that ends at a place.
  private func character(before place: Int, of text: Span<UInt8>) -> (Int, Int)? {
    var first = place - 1
    while first > 0, place - first < 4, text[first] & 0xC0 == 0x80 { first -= 1 }
    var decoder = UTF8()
    var bytes: [UInt8] = []
    for index in first..<place { bytes.append(text[index]) }
    var rest = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest),
      UTF8.width(scalar) == place - first
    else { return nil }
    return (alphabet.index(of: scalar.value), place - first)
  }

  // MARK: Making states

  /// Follows one symbol to the left: which nodes are next, and whether a match begins here.
  private func make(_ index: Int, _ symbol: Int, _ table: inout Table) -> UInt32 {
    if table.isFull {
      // Begin anew with the state that is at hand.
      let state = table.states[index]
      table.clear()
      return make(table.index(of: state), symbol, &table)
    }
    let state = table.states[index]
    let isCharacter = symbol < alphabet.classCount
    let isWord = isCharacter && wordClasses.contains(symbol)
    let here = Place(
      isBegin: symbol == alphabet.classCount, isEnd: state.behind == .end,
      isBoundary: isWord != (state.behind == .word))
    let (reached, accepts) = closure(of: state.kernel + [Int32(entry)], here)
    var kernel: Set<Int32> = []
    if isCharacter {
      for node in reached {
        if case .character(let label, let next) = nodes[node], label.contains(symbol) {
          kernel.insert(Int32(next))
        }
      }
    }
    let next = table.index(
      of: Table.State(kernel: kernel.sorted(), behind: isWord ? .word : .other))
    let step = UInt32(next) << 1 | (accepts ? 1 : 0)
    table.set(index, symbol, step)
    return step
  }

  private struct Place {
    let isBegin: Bool
    let isEnd: Bool
    let isBoundary: Bool
  }

  /// The nodes that are reached without taking a character, where assertions are settled.
  private func closure(of kernel: [Int32], _ place: Place) -> (nodes: [Int], accepts: Bool) {
    var seen = Array(repeating: false, count: nodes.count)
    var stack = kernel.map(Int.init)
    var reached: [Int] = []
    var accepts = false
    while let node = stack.popLast() {
      if seen[node] { continue }
      seen[node] = true
      switch nodes[node] {
      case .character: reached.append(node)
      case .split(let left, let right): stack += [left, right]
      case .begin(let next): if place.isBegin { stack.append(next) }
      case .end(let next): if place.isEnd { stack.append(next) }
      case .boundary(let wanted, let next):
        if place.isBoundary == wanted { stack.append(next) }
      case .accept: accepts = true
      }
    }
    return (reached, accepts)
  }

  /// The states made so far.
  private struct Table {
    enum Behind: Int32, Hashable { case end, word, other }

    struct State: Hashable {
      let kernel: [Int32]
      /// What the character is that was read last, to the right of the place.
      let behind: Behind
    }

    private static let statesMax = 400
    private let symbolCount: Int
    private(set) var states: [State] = []
    private var indexes: [State: Int] = [:]
    private var steps: [UInt32] = []
    /// Steps made, over all times.
    private(set) var made = 0

    init(symbolCount: Int) { self.symbolCount = symbolCount }

    var isFull: Bool { states.count >= Self.statesMax }

    func step(_ state: Int, _ symbol: Int) -> UInt32? {
      let step = steps[state * symbolCount + symbol]
      return step == .max ? nil : step
    }

    mutating func set(_ state: Int, _ symbol: Int, _ step: UInt32) {
      made += 1
      steps[state * symbolCount + symbol] = step
    }

    mutating func index(of state: State) -> Int {
      if let known = indexes[state] { return known }
      let index = states.count
      indexes[state] = index
      states.append(state)
      steps += Array(repeating: .max, count: symbolCount)
      return index
    }

    mutating func clear() {
      states.removeAll(keepingCapacity: true)
      indexes.removeAll(keepingCapacity: true)
      steps.removeAll(keepingCapacity: true)
    }
  }
}

extension Alphabet {
  /// The class of a character.
  func index(of scalar: UInt32) -> Int {
    var low = 0
    var high = ranges.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if ranges[middle].range.lowerBound <= scalar { low = middle } else { high = middle }
    }
    return ranges[low].index
  }
}

/// A pattern turned around, as nodes that lead to each other.
struct ReversedPattern {
  enum Node: Sendable {
    case character(ClassSet, Int)
    case split(Int, Int)
    case begin(Int)
    case end(Int)
    /// `\b` when true, `\B` when false.
    case boundary(Bool, Int)
    case accept
  }

  struct TooLarge: Error {}

  let alphabet: Alphabet
  private(set) var nodes: [Node] = [.accept]
  private(set) var entry = 0
  private let nodesMax: Int

  init?(_ root: PatternNode, limits: PatternLimits) {
    var sets: Set<ScalarSet> = [.word]
    root.collectSets(into: &sets)
    guard let alphabet = Alphabet(telling: sets, classesMax: limits.classesMax) else { return nil }
    self.alphabet = alphabet
    nodesMax = limits.positionsMax
    do {
      entry = try add(root, before: 0)
    } catch {
      return nil
    }
  }

  private mutating func append(_ node: Node) throws(TooLarge) -> Int {
    guard nodes.count < nodesMax else { throw TooLarge() }
    nodes.append(node)
    return nodes.count - 1
  }

  /// The entry of a node behind which, to the left, `next` comes.
  private mutating func add(_ node: PatternNode, before next: Int) throws(TooLarge) -> Int {
    switch node {
    case .empty: return next
    case .set(let set, _): return try append(.character(alphabet.classes(of: set), next))
    case .begin: return try append(.begin(next))
    case .end: return try append(.end(next))
    case .condition(.wordBoundary): return try append(.boundary(true, next))
    case .condition(.noWordBoundary): return try append(.boundary(false, next))
    case .condition(.other), .unboundedLook: throw TooLarge()
    case .concat(let nodes):
      var next = next
      for node in nodes { next = try add(node, before: next) }
      return next
    case .choice(let nodes):
      var entries: [Int] = []
      for node in nodes { entries.append(try add(node, before: next)) }
      return try split(entries)
    case .repeated(let node, let times): return try addRepeated(node, times, before: next)
    }
  }

  private mutating func split(_ entries: [Int]) throws(TooLarge) -> Int {
    guard var first = entries.last else { return 0 }
    for entry in entries.dropLast().reversed() { first = try append(.split(entry, first)) }
    return first
  }

  private mutating func addRepeated(
    _ node: PatternNode, _ times: PatternNode.Repetition, before next: Int
  ) throws(TooLarge) -> Int {
    var next = next
    if let most = times.max {
      for _ in min(times.min, most)..<most {
        next = try append(.split(try add(node, before: next), next))
      }
    } else {
      // The loop's split must be there before what it leads to.
      let loop = try append(.split(next, next))
      nodes[loop] = .split(try add(node, before: loop), next)
      next = loop
    }
    for _ in 0..<times.min { next = try add(node, before: next) }
    return next
  }
}
