// `defangctl history`: messages by what is known of them.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

struct HistoryCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List messages and refusals, the newest first.",
    discussion: """
      Texts may hold '*' for any run of characters; one that begins with '@' means all \
      addresses there.

      Examples:
        defangctl history --since 1d --verdict reject
        defangctl history --recipient bob@example.com --client '192.0.2.*'
        defangctl history --rule 'spam*' --limit 1000 --json
      """)

  @OptionGroup var state: StateOptions
  @OptionGroup var period: PeriodOptions
  @Option(help: "Envelope sender; '' is the null sender.")
  var sender: String?
  @Option(help: "A recipient.")
  var recipient: String?
  @Option(help: "The client's address or name.")
  var client: String?
  @Option(help: "A rule that acted.")
  var rule: String?
  @Option(help: "accept, reject, tempfail, discard, hold or quarantine.")
  var verdict: String?
  @Option(help: "The phase that decided: connect, helo, mail, rcpt, data, headers or eom.")
  var phase: String?
  @Option(help: "The message-id, whole.")
  var messageId: String?
  @Option(help: "At most so many.")
  var limit = 100
  @Flag(help: "Print a JSON array.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is 1 or more") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let history = try state.history()
    let entries = try asking { () throws(StoreFailure) in try history.entries(filter) }
    if json { return output.line(HistoryJSON.list(entries)) }
    if entries.isEmpty { return }
    var table = TextTable(["TIME", "ID", "VERDICT", "PHASE", "RULE", "CLIENT", "FROM", "TO"])
    for entry in entries { table.add(Self.row(entry)) }
    for line in table.lines { output.line(line) }
  }

  private var filter: HistoryFilter {
    var filter = HistoryFilter()
    (filter.sinceSeconds, filter.untilSeconds) = period.seconds(now: UTC.nowSeconds)
    filter.sender = sender
    filter.recipient = recipient
    filter.client = client
    filter.rule = rule
    filter.verdict = verdict
    filter.phase = phase
    filter.messageID = messageId
    filter.countMax = limit
    return filter
  }

  private static func row(_ entry: HistoryEntry) -> [String] {
    let more = entry.recipients.count > 1 ? " +\(entry.recipients.count - 1)" : ""
    let isBeforeMail = entry.phase == "connect" || entry.phase == "helo"
    return [
      UTC.text(entry.timeSeconds), entry.queueID.isEmpty ? entry.sessionID : entry.queueID,
      entry.verdict, entry.phase, entry.rule, entry.clientIP,
      isBeforeMail ? "" : "<\(entry.sender)>",
      entry.recipients.first.map { "<\($0)>\(more)" } ?? "",
    ]
  }
}
