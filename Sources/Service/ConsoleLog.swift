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
    for entry in record.decisions.log where record.phase == .eom {
      text += "\(key): log level=\(entry.level.name) \(Self.quoted(entry.text))\n"
    }
    for failure in record.decisions.failures.prefix(Self.failuresShownMax)
    where record.phase == .eom {
      text += "\(key): failed=\(failure.failure.name) \(Self.quoted(failure.reason))"
      text += failure.rule.map { " rule=\(Self.quoted($0))" } ?? ""
      text += " answered=\(failure.answer.name)\n"
    }
    for event in record.decisions.events where record.phase == .eom {
      let words = [event.name] + event.values
      text += "\(key): event \(words.map(Self.quoted).joined(separator: " "))\n"
    }
    for line in TraceText.lines(record.trace) { text += "\(key): trace: \(line)\n" }
    Console.error(text)
  }

  private static let failuresShownMax = 20

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
