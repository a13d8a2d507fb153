// `defangctl why QUEUE-ID`: what became of a message, by which rule, and what its tests saw.
internal import ArgumentParser
internal import Stores

struct WhyCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why a message came out as it did: the rule, its tests, the reply.",
    discussion: """
      QUEUE-ID is the mail server's, as it stands in both logs; for what was refused \
      before there was one, the session's id of the filter's log.

      Examples:
        defangctl why 4bX1y26RzQz4f
        defangctl why 9c3f1a02-1f --json
      """)

  @OptionGroup var state: StateOptions
  @ArgumentParser.Argument(help: "Queue id, or session id.")
  var id: String
  @Flag(help: "Print a JSON array.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let history = try state.history()
    let entries = try asking { () throws(StoreFailure) in try history.entries(of: id) }
    guard !entries.isEmpty else { throw try missing(history) }
    if json { return output.line(HistoryJSON.list(entries)) }
    for (index, entry) in entries.enumerated() {
      if index > 0 { output.line("") }
      for line in Self.lines(entry) { output.line(PlainText.line(line)) }
    }
  }

  /// Why nothing is known: it may be too old, or too new.
  private func missing(_ history: HistoryStore) throws(ControlFailure) -> ControlFailure {
    let (_, oldest, newest) = try asking { () throws(StoreFailure) in try history.extent() }
    guard let oldest, let newest else {
      return ControlFailure(66, "the history is empty: no message has been seen yet")
    }
    return ControlFailure(
      66,
      "the history knows no '\(id)'; it goes from \(UTC.text(oldest)) to \(UTC.text(newest))")
  }

  static func lines(_ entry: HistoryEntry) -> [String] {
    var lines = ["\(entry.queueID.isEmpty ? entry.sessionID : entry.queueID): \(headline(entry))"]
    for (name, value) in facts(entry) where !value.isEmpty {
      lines.append("  " + name + String(repeating: " ", count: 11 - name.utf8.count) + value)
    }
    for failure in entry.failures {
      let rule = failure.rule.isEmpty ? "" : " in rule \"\(failure.rule)\""
      lines.append(
        "  a check failed\(rule) (:\(failure.kind), \(failure.reason)): \(failure.answer)")
    }
    for rule in entry.rules { lines += shown(rule) }
    for check in entry.checks {
      let time = milliseconds(check.microseconds)
      lines.append("  check \(check.name): \(time)" + (check.failed ? ", failed" : ""))
    }
    return lines
  }

  /// `rejected by rule "virus" at policy.rules:31:5`.
  private static func headline(_ entry: HistoryEntry) -> String {
    let words: [String: String] = [
      "accept": "accepted", "reject": "rejected", "tempfail": "temporarily refused",
      "discard": "discarded", "hold": "held in the mail server's queue",
      "quarantine": "quarantined",
    ]
    var text = words[entry.verdict] ?? entry.verdict
    if entry.phase != "eom" { text += " at \(entry.phase)" }
    if !entry.rule.isEmpty { text += " by rule \"\(entry.rule)\"" }
    if !entry.location.isEmpty { text += " (\(entry.location))" }
    if !entry.problem.isEmpty { text += ", since the filter failed: \(entry.problem)" }
    if entry.rule.isEmpty, entry.problem.isEmpty { text += ", no rule decided otherwise" }
    return text
  }

  private static func facts(_ entry: HistoryEntry) -> [(String, String)] {
    let client = [
      entry.clientIP, entry.clientName, entry.helo.isEmpty ? "" : "(HELO \(entry.helo))",
      entry.login.isEmpty ? "" : "logged in as \(entry.login)",
    ]
    return [
      ("reply", entry.reply), ("time", UTC.text(entry.timeSeconds)),
      ("client", client.filter { !$0.isEmpty }.joined(separator: " ")),
      ("from", entry.phase == "connect" || entry.phase == "helo" ? "" : "<\(entry.sender)>"),
      ("to", entry.recipients.map { "<\($0)>" }.joined(separator: " ")),
      ("message-id", entry.messageID),
      ("size", entry.sizeBytes.map { "\($0) bytes" } ?? ""), ("way", entry.direction),
      ("score", entry.score == "0.0" ? "" : entry.score),
      ("actions", entry.actions.joined(separator: ", ")),
      ("limits", entry.limits.joined(separator: ", ")), ("quarantine", entry.quarantineID),
      (
        "events",
        entry.events.map { ([$0.name] + $0.values).joined(separator: " ") }
          .joined(separator: "; ")
      ),
      ("took", milliseconds(entry.microseconds)), ("policy", entry.image),
    ]
  }

  /// A rule with its tests as they stand in the policy, and what each looked at.
  private static func shown(_ rule: HistoryEntry.Rule) -> [String] {
    var lines = ["  rule \"\(rule.name)\" (\(rule.location), \(rule.phase)) acted"]
    for test in rule.tests {
      let word =
        switch test.outcome {
        case .yes: "since "
        case .no: "not   "
        case .failed: "error "
        }
      let values = test.values.map { "\"\($0)\"" }.joined(separator: ", ")
      lines.append("    \(word)\(test.text)" + (values.isEmpty ? "" : "  with \(values)"))
    }
    return lines
  }

  private static func milliseconds(_ microseconds: Int64) -> String {
    microseconds < 10_000
      ? "\(microseconds / 1_000).\(microseconds % 1_000 / 100) ms" : "\(microseconds / 1_000) ms"
  }
}
