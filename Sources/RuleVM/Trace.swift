// What the trace shows, as values; `TraceText` words them. Nothing is kept while it is off.
package import RuleBytecode

package enum TraceEvent: Equatable, Sendable {
  /// A run begins; the subject is the part's path or the recipient.
  case run(Phase, subject: String?)
  case rule(name: String, location: String)
  /// The test of a group, asked before its rules.
  case group(test: String, location: String)
  /// A test with the values it looked at.
  case test(text: String, location: String, values: [String], outcome: Outcome)
  case action(String)
  /// What failed, what the policy says, and why it failed where that is known.
  case failure(FailureClass, FailureAnswer, reason: String)
  /// What a rule would do that only observes.
  case observed(String)
  /// A recipient's turn in a loop over them.
  case turn(String)
  case waiting(String)
  /// A check that a later rule will ask has begun.
  case early(String)
  case ended(Ending)

  package enum Outcome: Equatable, Sendable {
    case no, yes
    case failed(FailureClass)
  }

  /// Why a run stopped.
  package enum Ending: Equatable, Sendable {
    case noMoreRules
    /// `stop` in the rule at hand.
    case stopped
    case verdict(String)
    case trap(Trap)
  }
}

struct Tracer {
  var isOn = false
  private(set) var events: [TraceEvent] = []
  private(set) var droppedCount = 0
  private var values: [String] = []
  private var rule: UInt32?

  /// Values shown for a test, and bytes shown of each.
  private static let valuesMax = 4
  private static let valueBytesMax = 120

  mutating func add(_ event: TraceEvent, limit: Int) {
    guard isOn else { return }
    if events.count < limit { events.append(event) } else { droppedCount += 1 }
  }

  mutating func saw(_ bytes: ArraySlice<UInt8>) {
    guard isOn, values.count < Self.valuesMax else { return }
    let shown = String(decoding: bytes.prefix(Self.valueBytesMax), as: UTF8.self)
    values.append(bytes.count > Self.valueBytesMax ? shown + "…" : shown)
  }

  mutating func takeValues() -> [String] {
    defer { values = [] }
    return values
  }

  mutating func take() -> [TraceEvent] {
    defer {
      events = []
      droppedCount = 0
    }
    return events
  }

  /// True once for each rule entered.
  mutating func enters(_ index: UInt32?) -> Bool {
    guard index != rule else { return false }
    rule = index
    return index != nil
  }

  mutating func beginRun() {
    rule = nil
    values = []
  }
}
