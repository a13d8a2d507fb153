// All lines about one fate: its verdict, what rules logged, what failed, events, and the trace.
internal import Logging
package import MilterBridge
internal import RuleBytecode
package import RuleVM

/// How events of rules are written.
package enum EventForm: String, CaseIterable, Sendable {
  /// One line for a message, with the number of its recipients.
  case message
  /// One line for each recipient.
  case recipient
  /// The same as graphdefang reads them: `MDLOG,ID,EVENT,V1,V2,SENDER,RECIPIENT,SUBJECT`.
  case graphdefang
}

package struct MessageLines: Sendable {
  package var events = EventForm.message

  package init(events: EventForm = .message) { self.events = events }

  /// Lines of failures of one message; a policy that asks a dead server for each part has many.
  package static let failuresMax = 20
  /// Recipients with lines of their own.
  package static let recipientsMax = 100

  /// There are lines beside the verdict's.
  static func saysMore(_ record: DecisionRecord) -> Bool {
    let decisions = record.decisions
    return !decisions.log.isEmpty || !decisions.failures.isEmpty || !decisions.events.isEmpty
      || !record.trace.isEmpty
  }

  package func entries(_ record: DecisionRecord) -> [LogEntry] {
    var entries = [VerdictLine.entry(record)]
    if record.isOfMessage {
      entries += record.decisions.log.map { Self.said($0, record) }
      entries += record.decisions.failures.prefix(Self.failuresMax).map { Self.failed($0, record) }
      for event in record.decisions.events { entries += lines(event, record) }
    }
    entries += record.trace.map { event in
      var entry = LogEntry(.trace, key: record.key, sessionID: record.sessionID)
      entry.word = "trace:"
      entry.message = TraceText.line(event)
      return entry
    }
    return entries
  }

  /// What rules said beside a verdict, of a run that is about no mail: without a key.
  package static func texts(of decisions: Decisions) -> [String] {
    var record = DecisionRecord()
    record.decisions = decisions
    let entries =
      decisions.log.map { said($0, record) }
      + decisions.failures.prefix(failuresMax).map { failed($0, record) }
      + decisions.events.map { event($0, record) }
    return entries.map { entry in
      var entry = entry
      entry.key = nil
      return entry.text
    }
  }

  private static func said(_ log: LogRecord, _ record: DecisionRecord) -> LogEntry {
    var entry = LogEntry(
      .log, level: .named(log.level.name), key: record.key, sessionID: record.sessionID)
    entry.word = "log"
    entry.add("level", log.level.name)
    entry.add("rule", log.rule)
    entry.add("text", .text(log.text))
    return entry
  }

  private static func failed(_ failure: FailureRecord, _ record: DecisionRecord) -> LogEntry {
    var entry = LogEntry(.failure, level: .warning, key: record.key, sessionID: record.sessionID)
    entry.add("failed", failure.failure.name)
    entry.add("reason", failure.reason)
    entry.add("rule", failure.rule)
    entry.add("answered", failure.answer.name)
    return entry
  }

  // MARK: Events

  private func lines(_ event: EventRecord, _ record: DecisionRecord) -> [LogEntry] {
    switch events {
    case .message:
      var entry = Self.event(event, record)
      entry.add("from", .text(record.sender))
      entry.add("nrcpt", .number(record.recipients.count))
      entry.add("subject", record.subject)
      return [entry]
    case .recipient:
      return Self.shown(record.recipients).map { recipient in
        var entry = Self.event(event, record)
        entry.add("from", .text(record.sender))
        entry.add("to", .text(recipient))
        entry.add("subject", record.subject)
        return entry
      }
    case .graphdefang:
      return Self.shown(record.recipients).map { recipient in
        var entry = LogEntry(.event, key: record.key, sessionID: record.sessionID)
        entry.message = GraphDefang.line(event, record, recipient: recipient)
        return entry
      }
    }
  }

  private static func event(_ event: EventRecord, _ record: DecisionRecord) -> LogEntry {
    var entry = LogEntry(.event, key: record.key, sessionID: record.sessionID)
    entry.word = "event"
    entry.add("event", .text(event.name))
    for (index, value) in event.values.enumerated() { entry.add("value\(index + 1)", .text(value)) }
    entry.add("rule", event.rule)
    return entry
  }

  /// A message that nobody is left for still has its line.
  private static func shown(_ recipients: [String]) -> [String] {
    recipients.isEmpty ? [""] : Array(recipients.prefix(recipientsMax))
  }
}

/// Events as graphdefang reads them: lower-case addresses without brackets, and per cent and two
/// digits for commas, per cent signs, controls and what is beyond ASCII.
enum GraphDefang {
  static func line(_ event: EventRecord, _ record: DecisionRecord, recipient: String) -> String {
    let values = event.values + ["", ""]
    let fields = [
      record.key, event.name, values[0], values[1], address(record.sender), address(recipient),
      record.subject,
    ]
    return "MDLOG," + fields.map(encoded).joined(separator: ",")
  }

  private static func address(_ path: String) -> String {
    let bare = path.hasPrefix("<") && path.hasSuffix(">") ? path.dropFirst().dropLast() : path[...]
    return bare.lowercased()
  }

  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in LogText.cut(text).utf8 {
      if byte > 31, byte < 127, byte != 44, byte != 37 {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }
}
