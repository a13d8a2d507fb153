// What the daemon writes: one line for each verdict, beginning with the MTA's queue id, so that one
// grep finds a message in both logs; the trace below it when that is on.
internal import Logging
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM

/// The front ends' own messages.
struct ConsoleLog: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = event.level > .notice ? "\(event.level): " : ""
    if let session = (event.metadata ?? [:])["session"] ?? metadata["session"] {
      line += "\(session): "
    }
    Console.log(line + TraceText.printable("\(event.message)"))
  }
}

struct ConsoleDecisions: DecisionLog {
  func decided(_ record: DecisionRecord) {
    let key = record.queueID ?? record.sessionID
    var text = key + ": " + Self.verdictLine(record) + "\n"
    if record.phase == .eom {
      for line in Self.lines(of: record.decisions) { text += "\(key): \(line)\n" }
    }
    for line in TraceText.lines(record.trace) { text += "\(key): trace: \(line)\n" }
    Console.error(text)
  }

  private static let failuresShownMax = 20

  /// What rules said: to the log, of failures, as events.
  static func lines(of decisions: Decisions) -> [String] {
    let said = decisions.log.map { "log level=\($0.level.name) \(quoted($0.text))" }
    let failures = decisions.failures.prefix(failuresShownMax).map { failure in
      let rule = failure.rule.map { " rule=\(quoted($0))" } ?? ""
      return "failed=\(failure.failure.name) \(quoted(failure.reason))\(rule)"
        + " answered=\(failure.answer.name)"
    }
    let events = decisions.events.map { event in
      "event " + ([event.name] + event.values).map(quoted).joined(separator: " ")
    }
    return said + failures + events
  }

  static func cause(of verdict: Verdict) -> String {
    switch verdict.cause {
    case .rule: verdict.kind.name
    case .failure(let failure): "failed=\(failure.name)"
    case .trap(let trap): trap.message
    }
  }

  static func verdictLine(_ record: DecisionRecord) -> String {
    let fate = record.outcome?.fate.rawValue ?? record.verdict?.kind.name ?? "accept"
    var words = ["verdict=\(fate)"]
    if record.isOwn { words.append("own-mail") }
    if let reason = record.outcome?.holdReason { words.append("reason=\(quoted(reason))") }
    if let verdict = record.verdict {
      words.append("phase=\(verdict.phase.name)")
      if let rule = verdict.rule { words.append("rule=\(quoted(rule))") }
      if let location = verdict.location { words.append("at=\(quoted(location))") }
      if let reply = verdict.reply {
        words.append("reply=\(quoted("\(reply.code) \(reply.enhanced) \(reply.text)"))")
      }
      switch verdict.cause {
      case .rule: break
      case .failure(let failure): words.append("failed=\(failure.name)")
      case .trap(let trap): words.append("error=\(quoted(trap.message))")
      }
    }
    words.append("from=\(quoted(record.sender))")
    for recipient in record.recipients.prefix(20) { words.append("to=\(quoted(recipient))") }
    if record.recipients.count > 20 { words.append("and=\(record.recipients.count - 20)") }
    let actions = record.outcome.map(record.decisions.carriedOut) ?? []
    for (name, list) in [("actions", actions), ("observed", record.decisions.observed)]
    where !list.isEmpty {
      words.append("\(name)=\(list.map(\.action).joined(separator: ","))")
    }
    if record.refusedEdits > 0 { words.append("refused-edits=\(record.refusedEdits)") }
    if !record.brokenSignatures.isEmpty {
      words.append("breaks-dkim=\(quoted(record.brokenSignatures.joined(separator: ",")))")
    }
    for limit in record.limits { words.append("limit=\(limit)") }
    words.append("score=\(Decimal.text(record.score)) cost=\(record.cost)")
    return words.joined(separator: " ")
  }

  /// Bare when harmless, else in quotes with quotes, backslashes and controls shown as such.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 && $0 != 61 }
    if isPlain, !text.isEmpty { return text }
    var shown = ""
    for character in TraceText.printable(text) {
      if character == "\"" || character == "\\" { shown.append("\\") }
      shown.append(character)
    }
    return "\"\(shown)\""
  }
}
