// How much mail there was, over ten seconds to a day: a ring of seconds and one of minutes. It is
// the master's, so that it outlives workers.
internal import JSONOutput

struct LoadRing: Sendable {
  /// What is told of, in seconds.
  static let windows = [10, 60, 600, 3_600, 86_400]
  private static let secondsKept = 600
  private static let minutesKept = 1_440

  struct Sum: Equatable, Sendable {
    var mail = MailTotals()
    var overloaded = 0
    var abandoned = 0
    /// Pulses that are in it; of them the open sessions are the mean.
    var pulses = 0

    var messages: Int { mail.fates.values.reduce(0, +) }

    mutating func add(_ pulse: Pulse) {
      var other = Sum()
      (other.mail, other.pulses) = (pulse.mail, 1)
      (other.overloaded, other.abandoned) = (pulse.overloaded, pulse.abandoned)
      add(other)
    }

    mutating func add(_ other: Sum) {
      for (fate, count) in other.mail.fates { mail.fates[fate, default: 0] += count }
      mail.refusals += other.mail.refusals
      mail.sessions += other.mail.sessions
      mail.openSessions += other.mail.openSessions
      mail.nanoseconds += other.mail.nanoseconds
      overloaded += other.overloaded
      abandoned += other.abandoned
      pulses += other.pulses
    }
  }

  /// A place of a ring, and of which time it is.
  private struct Slot: Sendable {
    var stamp = -1
    var sum = Sum()
  }

  private var seconds = [Slot](repeating: Slot(), count: secondsKept)
  private var minutes = [Slot](repeating: Slot(), count: minutesKept)

  /// - Parameter second: of a clock that only goes forward.
  mutating func add(_ pulse: Pulse, at second: Int) {
    Self.add(pulse, to: &seconds, at: second)
    Self.add(pulse, to: &minutes, at: second / 60)
  }

  private static func add(_ pulse: Pulse, to slots: inout [Slot], at stamp: Int) {
    let index = stamp % slots.count
    if slots[index].stamp != stamp { slots[index] = Slot(stamp: stamp) }
    slots[index].sum.add(pulse)
  }

  /// The last so many seconds; more than ten minutes are whole minutes, the one at hand included.
  func sum(ofLast count: Int, now: Int) -> Sum {
    count <= Self.secondsKept
      ? Self.sum(seconds, (now - count + 1)...now)
      : Self.sum(minutes, (now / 60 - count / 60 + 1)...(now / 60))
  }

  private static func sum(_ slots: [Slot], _ stamps: ClosedRange<Int>) -> Sum {
    var result = Sum()
    for slot in slots where stamps.contains(slot.stamp) { result.add(slot.sum) }
    return result
  }

  /// Messages by fate in steps of equal length, the latest last.
  func series(steps: Int, of stepSeconds: Int, now: Int) -> [[String: Int]] {
    let isFine = steps * stepSeconds <= Self.secondsKept
    let (slots, unit) = isFine ? (seconds, 1) : (minutes, 60)
    let width = stepSeconds / unit
    let end = now / unit
    return (0..<steps).map { step in
      let last = end - (steps - 1 - step) * width
      return Self.sum(slots, (last - width + 1)...last).mail.fates
    }
  }

  // MARK: As it is told

  func members(now: Int) -> [(String, OrderedJSON)] {
    let fine = series(steps: 60, of: 10, now: now)
    let coarse = series(steps: 48, of: 1_800, now: now)
    return [
      ("windows", .list(Self.windows.map { Self.json(sum(ofLast: $0, now: now), seconds: $0) })),
      ("series", .list([Self.json(fine, 10), Self.json(coarse, 1_800)])),
    ]
  }

  private static func json(_ sum: Sum, seconds: Int) -> OrderedJSON {
    .object([
      ("seconds", .number(seconds)), ("messages", .number(sum.messages)),
      ("fates", fates(sum.mail.fates)), ("refusals", .number(sum.mail.refusals)),
      ("sessions", .number(sum.mail.sessions)),
      ("open_sessions", .number(sum.pulses == 0 ? 0 : sum.mail.openSessions / sum.pulses)),
      ("microseconds", .number(sum.mail.nanoseconds / 1_000)),
      ("overloaded", .number(sum.overloaded)), ("abandoned", .number(sum.abandoned)),
    ])
  }

  private static func json(_ series: [[String: Int]], _ seconds: Int) -> OrderedJSON {
    .object([("step_seconds", .number(seconds)), ("fates", .list(series.map(fates)))])
  }

  private static func fates(_ fates: [String: Int]) -> OrderedJSON {
    .object(fates.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
  }
}
