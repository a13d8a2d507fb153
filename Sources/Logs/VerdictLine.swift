// The line of a verdict: what became of a message or a recipient, by which rule, for whom, how long
// it took. Texts of clients and of mail are made safe where the line is written.
internal import Logging
package import MilterBridge
internal import RuleBytecode
internal import RuleVM

package enum VerdictLine {
  /// Recipients and checks shown; their number always is.
  package static let recipientsMax = 5
  package static let checksMax = 12

  static func level(_ record: DecisionRecord) -> Logger.Level {
    record.problem == nil ? .info : .error
  }

  package static func entry(_ record: DecisionRecord) -> LogEntry {
    var entry = LogEntry(
      .verdict, level: level(record), key: record.key, sessionID: record.sessionID)
    addVerdict(of: record, to: &entry)
    addMail(of: record, to: &entry)
    addDoings(of: record, to: &entry)
    entry.add("score", .decimal(Decimal.text(record.score)))
    entry.add("ms", .decimal(LogText.milliseconds(record.nanoseconds)))
    entry.add("checks", record.checks.prefix(checksMax).map(check))
    if record.checks.count > checksMax {
      entry.add("more-checks", .number(record.checks.count - checksMax))
    }
    entry.add("cost", .number(record.cost))
    entry.add("image", record.image)
    return entry
  }

  private static func addVerdict(of record: DecisionRecord, to entry: inout LogEntry) {
    entry.add("verdict", record.fate)
    if record.isOwn { entry.add("own", .text("yes")) }
    entry.add("phase", (record.outcome?.phase ?? record.verdict?.phase ?? record.phase).name)
    if let reply = record.reply { entry.add("code", reply.code) }
    entry.add("rule", record.rule)
    entry.add("at", record.location)
    if let reply = record.reply {
      entry.add("reply", "\(reply.code) \(reply.enhanced) \(reply.text)")
    }
    entry.add("reason", record.outcome?.holdReason)
    switch record.outcome?.cause ?? record.verdict?.cause {
    case .failure(let failure): entry.add("failed", failure.name)
    case .trap(let trap): entry.add("error", trap.message)
    case .rule, nil: entry.add("error", record.problem)
    }
  }

  private static func addMail(of record: DecisionRecord, to entry: inout LogEntry) {
    entry.add("client", record.client.address)
    entry.add("name", record.client.name)
    entry.add("helo", record.client.helo)
    entry.add("login", record.client.login)
    guard record.phase >= .mail else { return }
    entry.add("from", .text(record.sender))
    entry.add("nrcpt", .number(record.recipients.count))
    entry.add("to", Array(record.recipients.prefix(recipientsMax)))
    entry.add("way", record.direction?.name)
    if let size = record.sizeBytes { entry.add("size", .number(size)) }
    entry.add("msgid", record.messageID)
  }

  private static func addDoings(of record: DecisionRecord, to entry: inout LogEntry) {
    let actions = record.outcome.map(record.decisions.carriedOut) ?? []
    entry.add("actions", actions.map(\.action))
    entry.add("observed", record.decisions.observed.map(\.action))
    if record.refusedEdits > 0 { entry.add("refused-edits", .number(record.refusedEdits)) }
    entry.add("breaks-dkim", record.brokenSignatures)
    entry.add("limits", record.limits)
    entry.add("quarantine", record.quarantineID)
  }

  /// `dnsbl/zen.example.org:12.300ms`, with `!` where it failed.
  private static func check(_ check: CheckTime) -> String {
    let name = check.name.isEmpty ? check.kind.name : "\(check.kind.name)/\(check.name)"
    return "\(name):\(LogText.milliseconds(check.nanoseconds))\(check.failed ? "!" : "")"
  }
}

extension DecisionRecord {
  /// What lines about it begin with.
  package var key: String { queueID ?? sessionID }
}
