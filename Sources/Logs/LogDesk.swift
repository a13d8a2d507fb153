// The daemon's log: entries in, lines out to where the administrator wants them. Its level can be
// changed while it runs; it is also the handler of swift-log, for the front ends' own messages.
package import Logging
package import MilterBridge
internal import RuleVM
internal import Synchronization

package final class LogDesk: Sendable {
  package struct Settings: Sendable {
    package var destination = LogDestination.stderr
    package var format = LogFormat.text
    package var level = Logger.Level.info
    package var events = EventForm.message

    package init() {}

    var sink: any LogSink {
      switch destination {
      case .stderr: StandardErrorSink()
      case .syslog: DatagramSink(.syslog)
      case .journal: DatagramSink(.journal)
      }
    }
  }

  private let pump: LogPump
  private let format: LogFormat
  private let lines: MessageLines
  private let levelIndex: Atomic<Int>

  package convenience init(_ settings: Settings = Settings()) {
    self.init(settings, pump: LogPump(settings.sink))
  }

  package init(_ settings: Settings, pump: LogPump) {
    self.pump = pump
    format = settings.format
    lines = MessageLines(events: settings.events)
    levelIndex = Atomic(Self.index(settings.level))
  }

  private static func index(_ level: Logger.Level) -> Int {
    Logger.Level.allCases.firstIndex(of: level) ?? 0
  }

  /// Entries below it are left out; from any thread, at any time.
  package var level: Logger.Level {
    get { Logger.Level.allCases[levelIndex.load(ordering: .relaxed)] }
    set { levelIndex.store(Self.index(newValue), ordering: .relaxed) }
  }

  /// Lines that were lost since nobody took them.
  package var lost: Int { pump.lost }

  package func write(_ entries: [LogEntry]) {
    let level = level
    let wanted = entries.filter { $0.level >= level }
    guard !wanted.isEmpty else { return }
    pump.put(wanted.map(line))
  }

  package func write(_ record: DecisionRecord) {
    // Where only failures are wanted most messages have nothing to say.
    if level > VerdictLine.level(record), !MessageLines.saysMore(record) { return }
    write(lines.entries(record))
  }

  /// A line of the daemon's own.
  /// - Parameter key: the queue id where it is about some.
  package func note(_ text: String, about key: String? = nil, level: Logger.Level = .info) {
    var entry = LogEntry(.daemon, level: level, key: key)
    entry.message = TraceText.printable(text)
    write([entry])
  }

  /// Writes what waits; the log is closed then.
  package func stop() { pump.stop() }

  private func line(_ entry: LogEntry) -> LogLine {
    var fields: [(name: String, value: String)] = []
    if pump.wantsFields {
      if let key = entry.key { fields.append(("DEFANG_QUEUE_ID", key)) }
      if let session = entry.sessionID { fields.append(("DEFANG_SESSION_ID", session)) }
      fields.append(("DEFANG_KIND", entry.kind.rawValue))
      fields += entry.fields.map { field in
        ("DEFANG_" + field.name.uppercased().replacing("-", with: "_"), field.value.plain)
      }
    }
    return LogLine(level: entry.level, key: entry.key, text: entry.line(format), fields: fields)
  }

  /// For front ends: their messages, with the session's id in front.
  package var logger: Logger { Logger(label: "defangd") { _ in DeskHandler(desk: self) } }
}

private struct DeskHandler: LogHandler {
  let desk: LogDesk
  var metadata: Logger.Metadata = [:]

  init(desk: LogDesk) { self.desk = desk }

  var logLevel: Logger.Level {
    get { desk.level }
    set { desk.level = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let session = all["session"].map { "\($0)" }
    var entry = LogEntry(.daemon, level: event.level, key: session, sessionID: session)
    if event.level > .notice { entry.word = "\(event.level):" }
    for (name, value) in all.sorted(by: { $0.key < $1.key }) where name != "session" {
      entry.add(name, .text("\(value)"))
    }
    entry.message = TraceText.printable("\(event.message)")
    desk.write([entry])
  }
}

extension LogValue {
  /// For a field of its own, where nothing parts it from others.
  fileprivate var plain: String {
    switch self {
    case .text(let text): LogText.cut(text)
    case .number(let number): String(number)
    case .decimal(let text): text
    case .list(let values): values.map(LogText.cut).joined(separator: " ")
    }
  }
}
