// What becomes of mail, as figures. Cells that every message counts in are found once.
internal import Figures
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM

final class MailFigures: Sendable {
  let book: FigureBook
  private let messages: [String: [String: CounterCell]]
  private let phases: [HistogramCell]
  private let message: HistogramCell
  private let bytes: CounterCell
  private let sessions: CounterCell
  private let open: GaugeCell
  private let faults: CounterCell
  private let refusals = CounterCell()

  private static let fates = ["accept", "reject", "tempfail", "discard", "hold", "quarantine"]
  private static let unknown = "unknown"

  init(_ book: FigureBook) {
    self.book = book
    // All of them from the start: a rate over a series that begins with its first event misses it.
    var messages: [String: [String: CounterCell]] = [:]
    for fate in Self.fates {
      for direction in MailDirection.allCases.map(\.name) + [Self.unknown] {
        messages[fate, default: [:]][direction] = book.counter(
          "defang_messages_total", [fate, direction])
      }
    }
    self.messages = messages
    phases = Phase.allCases.map { book.histogram("defang_phase_seconds", [$0.name]) }
    message = book.histogram("defang_message_seconds")
    bytes = book.counter("defang_message_bytes_total")
    sessions = book.counter("defang_sessions_total")
    open = book.gauge("defang_sessions_open")
    faults = book.counter("defang_faults_total")
  }

  func sessionBegan() {
    sessions.increment(by: Int64(1))
    open.increment(by: 1)
  }

  func sessionEnded() { open.decrement(by: 1) }

  func ran(_ phase: Phase, nanoseconds: Int64) {
    phases[Int(phase.rawValue)].recordNanoseconds(nanoseconds)
  }

  func decided(_ record: DecisionRecord) {
    if record.problem != nil { faults.increment(by: Int64(1)) }
    for limit in record.limits { count("defang_limits_hit_total", [limit]) }
    // Of a message that was refused before its end no end is told.
    guard record.phase >= .data else {
      refusals.increment(by: Int64(1))
      return count("defang_refusals_total", [record.phase.name, record.fate])
    }
    messages[record.fate]?[record.direction?.name ?? Self.unknown]?.increment(by: Int64(1))
    message.recordNanoseconds(record.nanoseconds)
    if let size = record.sizeBytes { bytes.increment(by: Int64(size)) }
    for failure in record.decisions.failures {
      count("defang_failures_total", [failure.failure.name, failure.answer.name])
    }
  }

  /// All that was counted, for who wants to know how much it is by time.
  var totals: MailTotals {
    var totals = MailTotals()
    for (fate, cells) in messages {
      totals.fates[fate] = Int(cells.values.reduce(0) { $0 + $1.value })
    }
    totals.refusals = Int(refusals.value)
    totals.sessions = Int(sessions.value)
    totals.openSessions = Int(open.value)
    totals.nanoseconds = Int(message.totals.nanoseconds)
    return totals
  }

  private func count(_ name: String, _ labels: [String]) {
    book.counter(name, labels).increment(by: Int64(1))
  }
}

/// Counts since the process began, but for the sessions that are open.
struct MailTotals: Codable, Equatable, Sendable {
  /// Messages by what became of them.
  var fates: [String: Int] = [:]
  var refusals = 0
  var sessions = 0
  var openSessions = 0
  /// How long the mail server waited, all messages together.
  var nanoseconds = 0
}

/// The cells of one policy's rules.
struct RuleFigures: Sendable {
  private let hits: [CounterCell]
  private let times: [CounterCell]

  init(_ book: FigureBook, _ program: Program) {
    let names = program.rules.map { program.string($0.name) }
    hits = names.map { book.counter("defang_rule_hits_total", [$0]) }
    times = names.map { book.counter("defang_rule_seconds_total", [$0]) }
  }

  func used(_ rules: [RuleUse], timeScale: Int64) {
    for use in rules where hits.indices.contains(use.rule) {
      hits[use.rule].increment(by: Int64(use.hits))
      times[use.rule].increment(by: use.nanoseconds &* timeScale)
    }
  }
}
