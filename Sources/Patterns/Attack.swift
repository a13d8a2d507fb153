// A text that makes a pattern explode, for the administrator to see and for the tests to run.

/// `prefix`, then `pump` again and again, then `suffix`.
package struct Attack: Equatable, Sendable {
  package let prefix: String
  package let pump: String
  package let suffix: String

  /// The text with so many repetitions.
  package func text(repetitions: Int) -> String {
    prefix + String(repeating: pump, count: repetitions) + suffix
  }

  /// As messages show it: `"x" + "ab" × n + "!"`.
  package var description: String {
    var parts: [String] = []
    if !prefix.isEmpty { parts.append(Self.quoted(prefix)) }
    if !pump.isEmpty { parts.append(Self.quoted(pump) + " × n") }
    if !suffix.isEmpty { parts.append(Self.quoted(suffix)) }
    return parts.joined(separator: " + ")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\n": result += "\\n"
      case let other where other.value < 32 || other.value == 127 || other.value > 0x2FF:
        result += "\\u{" + String(other.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Follows all paths of an automaton at once, to see whether a text matches.
struct Simulation {
  let automaton: PositionAutomaton

  /// Whether the automaton finds a match anywhere in the text; assertions that it does not model
  /// count as true.
  func finds(_ text: [Int], onlyAtStart: Bool = false) -> Bool {
    var states: Set = [PositionAutomaton.start]
    if atEnd(of: &states, automaton.alphabet.begin) { return true }
    for symbol in text where symbol < automaton.alphabet.classCount {
      states = next(states, symbol)
      if !onlyAtStart { states.insert(PositionAutomaton.start) }
      if accepts(states) { return true }
    }
    return atEnd(of: &states, automaton.alphabet.end)
  }

  /// Whether any text at all matches.
  var canFind: Bool {
    var states: Set = [PositionAutomaton.start]
    if atEnd(of: &states, automaton.alphabet.begin) { return true }
    while true {
      var more = states
      for symbol in 0..<automaton.alphabet.classCount { more.formUnion(next(states, symbol)) }
      if more == states { break }
      states = more
    }
    return atEnd(of: &states, automaton.alphabet.end)
  }

  /// `^^` takes the start twice, so an end of the text is taken as often as it helps.
  private func atEnd(of states: inout Set<Int>, _ symbol: Int) -> Bool {
    while !accepts(states) {
      let more = states.union(next(states, symbol))
      if more == states { return false }
      states = more
    }
    return true
  }

  private func accepts(_ states: Set<Int>) -> Bool {
    states.contains { automaton.accepts.contains($0) || automaton.mayAccept.contains($0) }
  }

  private func next(_ states: Set<Int>, _ symbol: Int) -> Set<Int> {
    var found: Set<Int> = []
    for state in states {
      for edge in automaton.edges[state] where edge.label.contains(symbol) { found.insert(edge.to) }
    }
    return found
  }
}

extension PositionAutomaton {
  /// The text behind a word that was found, ended so that no match saves the matcher the work.
  func attack(prefix: [Int], pump: [Int]) -> Attack {
    let simulation = Simulation(automaton: self)
    let body = prefix + pump + pump + pump
    let candidates = [[]] + (0..<alphabet.classCount).map { [$0] }.sorted(by: isBetter)
    // A pattern like `a*$` always matches in the end; the work is then done before.
    let suffix =
      candidates.first { !simulation.finds(body + $0) }
      ?? candidates.first { !simulation.finds(body + $0, onlyAtStart: true) } ?? []
    return Attack(prefix: text(prefix), pump: text(pump), suffix: text(suffix))
  }

  private func isBetter(_ left: [Int], _ right: [Int]) -> Bool {
    let (left, right) = (alphabet.samples[left[0]], alphabet.samples[right[0]])
    let isPlain = (left > 32 && left < 127, right > 32 && right < 127)
    return isPlain.0 == isPlain.1 ? left < right : isPlain.0
  }

  private func text(_ word: [Int]) -> String {
    var text = ""
    for symbol in word where symbol < alphabet.classCount {
      if let scalar = Unicode.Scalar(alphabet.samples[symbol]) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
