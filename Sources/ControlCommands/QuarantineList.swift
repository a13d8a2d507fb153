// `defangctl quarantine list`.
internal import ArgumentParser
internal import Stores

struct QuarantineList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List entries, the newest first.",
    discussion: """
      An entry that stays 'releasing' was being released when a process died.

      Examples:
        defangctl quarantine list --since 1d
        defangctl quarantine list --recipient @example.com --rule 'office*'
        defangctl quarantine list --status deleted --json
      """)

  @OptionGroup var state: StateOptions
  @OptionGroup var filters: FilterOptions
  @Option(help: "Only entries in this state; may be repeated. All but deleted if left out.")
  var status: [EntryState] = []
  @Option(help: "At most so many entries.")
  var limit = 1_000
  @Flag(help: "Print a JSON array.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is 1 or more") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    var filter = filters.filter(nowSeconds: UTC.nowSeconds)
    filter.countMax = limit
    if !status.isEmpty { filter.states = status }
    let entries = try asking { () throws(StoreFailure) in try store.entries(filter) }
    if json { return output.line(EntryJSON.list(entries)) }
    if entries.isEmpty { return }
    var table = TextTable(["ID", "RECEIVED", "STATUS", "SIZE", "RULE", "FROM", "TO", "WHAT"])
    for entry in entries { table.add(Self.row(entry)) }
    for line in table.lines { output.line(line) }
  }

  private static func row(_ entry: QuarantineEntry) -> [String] {
    let recipients = entry.envelope.recipients
    let more = recipients.count > 1 ? " +\(recipients.count - 1)" : ""
    let what = entry.part.map { "\($0.path) \($0.name)" } ?? entry.subject
    return [
      entry.id, UTC.text(entry.receivedSeconds), entry.state.rawValue, SizeText.text(entry.size),
      entry.rule, "<\(entry.envelope.sender)>", "<\(recipients.first ?? "")>\(more)", what,
    ]
  }
}

enum SizeText {
  /// Whole numbers of the largest unit that gives one of at least 10, as `512`, `40K`, `3100K`.
  static func text(_ bytes: Int) -> String {
    if bytes < 10_240 { return String(bytes) }
    return bytes < 10 << 20 ? "\(bytes >> 10)K" : "\(bytes >> 20)M"
  }
}
