// What is noted while rules run, when somebody wants it: every event for a trace, or only the tests
// of rules that act, for a history. The second costs a copy of the bytes that a test looked at;
// texts are made of it for rules that acted alone.
package import RuleBytecode

/// A rule that acted on a message, with what its tests saw.
package struct RuleMatch: Equatable, Sendable {
  package struct Test: Equatable, Sendable {
    package let text: String
    package let location: String
    package let values: [String]
    package let outcome: TraceEvent.Outcome
  }

  package let rule: String
  package let location: String
  package let phase: Phase
  package let tests: [Test]
}

struct Tracer {
  /// Every event is kept.
  var isFull = false
  /// The tests of rules that act are kept.
  var keepsMatches = false
  private(set) var events: [TraceEvent] = []
  private(set) var droppedCount = 0
  private var rule: UInt32?

  /// Bytes of values, and where each ends; those of the test at hand begin at `mark`.
  private var seen: [UInt8] = []
  private var ends: [Int] = []
  private var mark = 0
  /// Tests of the rule at hand, which has not acted yet.
  private var pending: [PendingTest] = []
  private var kept: [KeptMatch] = []

  private struct PendingTest {
    let probe: UInt32
    let outcome: TraceEvent.Outcome
    let values: Range<Int>
  }

  private struct KeptMatch {
    let rule: UInt32
    let phase: Phase
    var tests: [(probe: UInt32, outcome: TraceEvent.Outcome, values: [String])]
  }

  /// Values shown for a test, and bytes shown of each.
  private static let valuesMax = 4
  private static let valueBytesMax = 120
  /// Tests kept of a rule, and rules of a message.
  static let testsMax = 32
  static let matchesMax = 64

  var isOn: Bool { isFull || keepsMatches }

  mutating func add(_ event: @autoclosure () -> TraceEvent, limit: Int) {
    guard isFull else { return }
    if events.count < limit { events.append(event()) } else { droppedCount += 1 }
  }

  mutating func saw(_ bytes: ArraySlice<UInt8>) {
    guard isOn, ends.count - mark < Self.valuesMax else { return }
    seen += bytes.prefix(Self.valueBytesMax)
    if bytes.count > Self.valueBytesMax { seen += "…".utf8 }
    ends.append(seen.count)
  }

  /// What the test at hand looked at.
  var values: [String] { texts(mark..<ends.count) }

  private func texts(_ range: Range<Int>) -> [String] {
    range.map { index in
      let start = index == 0 ? 0 : ends[index - 1]
      return String(decoding: seen[start..<ends[index]], as: UTF8.self)
    }
  }

  /// What was looked at belongs to no test.
  mutating func dropValues() {
    ends.removeLast(ends.count - mark)
    seen.removeLast(seen.count - (ends.last ?? 0))
  }

  /// A test of a rule has come out.
  mutating func tested(_ probe: UInt32, _ outcome: TraceEvent.Outcome, of rule: UInt32?) {
    guard keepsMatches, rule != nil, pending.count < Self.testsMax else { return dropValues() }
    pending.append(PendingTest(probe: probe, outcome: outcome, values: mark..<ends.count))
    mark = ends.count
  }

  /// A rule has acted: its tests stay.
  mutating func acted(_ rule: UInt32?, _ phase: Phase) {
    dropValues()
    guard keepsMatches, let rule else { return }
    defer { dropPending() }
    if pending.isEmpty, kept.last.map({ $0.rule == rule && $0.phase == phase }) == true { return }
    guard kept.count < Self.matchesMax else { return }
    // Those that did not hold say something only where none did: an `else`, a `not`.
    let telling = pending.filter { $0.outcome != .no }
    let tests = telling.isEmpty ? pending : telling
    kept.append(
      KeptMatch(
        rule: rule, phase: phase, tests: tests.map { ($0.probe, $0.outcome, texts($0.values)) }))
  }

  private mutating func dropPending() {
    pending.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    seen.removeAll(keepingCapacity: true)
    mark = 0
  }

  mutating func take() -> [TraceEvent] {
    defer {
      events = []
      droppedCount = 0
    }
    return events
  }

  mutating func takeMatches(_ verified: VerifiedProgram) -> [RuleMatch] {
    guard !kept.isEmpty else { return [] }
    defer { kept = [] }
    let program = verified.program
    return kept.map { match in
      let rule = program.rules[Int(match.rule)]
      return RuleMatch(
        rule: program.string(rule.name), location: program.location(rule.place),
        phase: match.phase,
        tests: match.tests.map { test in
          let info = program.probes[Int(test.probe)]
          return RuleMatch.Test(
            text: program.string(info.text), location: program.location(info.place),
            values: test.values, outcome: test.outcome)
        })
    }
  }

  /// True once for each rule entered.
  mutating func enters(_ index: UInt32?) -> Bool {
    guard index != rule else { return false }
    rule = index
    if mark > 0 { dropFormerTests() }
    return index != nil
  }

  /// Those of a rule that did not act; what the test at hand has looked at stays.
  private mutating func dropFormerTests() {
    let base = ends[mark - 1]
    seen.removeFirst(base)
    ends = ends[mark...].map { $0 - base }
    mark = 0
    pending.removeAll(keepingCapacity: true)
  }

  mutating func beginRun() {
    rule = nil
    dropPending()
  }
}
