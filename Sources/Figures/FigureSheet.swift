// The figures that the filter gives, one line each: name, kind, meaning, labels and how many series
// there may be. The text for Prometheus, docs/FIGURES.md, the dashboard and the alerts follow from
// it.

package enum FigureKind: String, Sendable { case counter, gauge, histogram }

package struct FigureInfo: Sendable, Equatable {
  package let name: String
  package let kind: FigureKind
  package let meaning: String
  package let labels: [String]
  /// Series beyond it are counted together, with `other` for each label.
  package let seriesMax: Int
  /// Counted in nanoseconds, given in seconds.
  package var isTime: Bool { name.hasSuffix("_seconds_total") || kind == .histogram }

  init(
    _ name: String, _ kind: FigureKind, _ labels: [String], max: Int = 64, _ meaning: String
  ) {
    self.name = name
    self.kind = kind
    self.labels = labels
    self.meaning = meaning
    seriesMax = max
  }
}

package enum FigureSheet {
  package static let all: [FigureInfo] = mail + rules + checks + process

  private static let mail = [
    FigureInfo(
      "defang_messages_total", .counter, ["verdict", "direction"],
      "Messages by what became of them and which way they go (unknown before a recipient is)."),
    FigureInfo(
      "defang_refusals_total", .counter, ["phase", "verdict"],
      "Sessions, senders and recipients that were refused before a message."),
    FigureInfo("defang_message_bytes_total", .counter, [], "Bytes of messages whose end was seen."),
    FigureInfo(
      "defang_message_seconds", .histogram, [],
      "How long the mail server waited for the filter, all phases of a message together."),
    FigureInfo(
      "defang_phase_seconds", .histogram, ["phase"],
      "How long the mail server waited for the answer to one command."),
    FigureInfo("defang_sessions_total", .counter, [], "SMTP sessions that began."),
    FigureInfo("defang_sessions_open", .gauge, [], "SMTP sessions that are open now."),
    FigureInfo(
      "defang_overload_refusals_total", .counter, [],
      "Sessions and messages that got the answer of overload."),
    FigureInfo(
      "defang_abandoned_total", .counter, [],
      "Messages whose content began and whose end never came: the client went."),
    FigureInfo(
      "defang_shadow_messages_total", .counter, ["result"],
      "Messages by how the shadow's policy would have decided: same, or by what it differs."),
    FigureInfo(
      "defang_limits_hit_total", .counter, ["limit"], "Messages that hit a limit, by its name."),
    FigureInfo(
      "defang_faults_total", .counter, [],
      "Answers by a tempfail because the filter itself failed."),
  ]

  private static let rules = [
    FigureInfo(
      "defang_rule_hits_total", .counter, ["rule"], max: 1_000,
      "Messages on which a rule acted, or would have if it only observes."),
    FigureInfo(
      "defang_rule_seconds_total", .counter, ["rule"], max: 1_000,
      "Time that a rule took, without waiting; from one message in sixteen."),
    FigureInfo(
      "defang_failures_total", .counter, ["class", "answer"],
      "Checks that failed in a rule, and what the policy's on_error said."),
  ]

  private static let checks = [
    FigureInfo(
      "defang_checks_total", .counter, ["kind", "result"], max: 200,
      "Checks of the outside by how they ended: answered, failed, timeout, cancelled."),
    FigureInfo(
      "defang_check_seconds", .histogram, ["kind"], "How long checks of the outside took."),
    FigureInfo(
      "defang_breakers_open", .gauge, ["service"], max: 200,
      "Hosts of a service that are left alone for a while because they failed."),
  ]

  private static let process = [
    FigureInfo("defang_queue_mails", .gauge, ["state"], "Our own mail that waits, or has failed."),
    FigureInfo("defang_quarantine_entries", .gauge, [], "Entries of the quarantine."),
    FigureInfo("defang_quarantine_bytes", .gauge, [], "Bytes of the quarantine's contents."),
    FigureInfo(
      "defang_image_info", .gauge, ["digest", "version"], max: 4,
      "1 for the policy image that new sessions begin with; version is the program's."),
    FigureInfo("defang_reloads_total", .counter, ["result"], "Loads of the policy: ok or refused."),
    FigureInfo("defang_reload_ok", .gauge, [], "1 when the latest load of the policy was taken."),
    FigureInfo(
      "defang_reload_timestamp_seconds", .gauge, [], "When the policy was last loaded and taken."),
    FigureInfo(
      "defang_log_lost_total", .counter, [], "Lines of the log that nobody took in time."),
    FigureInfo(
      "defang_history_lost_total", .counter, [], "Messages that the history had no time for."),
    FigureInfo("defang_history_waiting", .gauge, [], "Messages that wait for the history."),
    FigureInfo(
      "defang_figures_overflow_total", .counter, ["figure"], max: 100,
      "Values that were counted as other, since the figure had too many series."),
    FigureInfo("process_start_time_seconds", .gauge, [], "When the process began."),
    FigureInfo("process_resident_memory_bytes", .gauge, [], "Memory of the process."),
    FigureInfo("process_open_fds", .gauge, [], "Descriptors that are open."),
  ]

  package static func info(_ name: String) -> FigureInfo? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// Upper bounds of the buckets, in nanoseconds: from what a rule takes to what mail servers wait.
  package static let buckets: [Int64] = [
    50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
    50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
    5_000_000_000, 10_000_000_000, 30_000_000_000, 120_000_000_000,
  ]
}
