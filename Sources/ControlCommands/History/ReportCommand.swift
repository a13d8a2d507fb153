// `defangctl report EVENT`: who or what an event was most about, and when.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

extension ReportKey: ExpressibleByArgument {}
extension ReportPeriod: ExpressibleByArgument {}

struct ReportCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Count events of the policy, verdicts or rules, by whom and when.",
    discussion: """
      WHAT is the name that rules give to 'event', or verdict:NAME, or rule:NAME. \
      'value' is an event's first value, a verdict's rule, a rule's verdict; 'domain' \
      is the sender's.

      Examples:
        defangctl report virus --top value --since 30d
        defangctl report verdict:reject --top domain --by day
        defangctl report rule:spam --top recipient --count 20 --json
      """)

  @OptionGroup var state: StateOptions
  @ArgumentParser.Argument(help: "What is counted.")
  var what: String
  @Option(help: "The largest by sender, recipient, domain or value.")
  var top: ReportKey?
  @Option(help: "For each hour, day or month (UTC).")
  var by: ReportPeriod?
  @OptionGroup var period: PeriodOptions
  @Option(help: "So many of each period.")
  var count = 10
  @Flag(help: "Print a JSON array.")
  var json = false

  func validate() throws {
    if count < 1 { throw ValidationError("--count is 1 or more") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let history = try state.history()
    var question = ReportQuestion(ReportSubject(what))
    question.key = top
    question.period = by
    (question.sinceSeconds, question.untilSeconds) = period.seconds(now: UTC.nowSeconds)
    question.countMax = count
    let lines = try asking { () throws(StoreFailure) in try history.report(question) }
    if json { return output.line(Self.json(lines)) }
    guard !lines.isEmpty else { return }
    var table = TextTable(titles)
    let plot = Plot()
    let most = lines.map(\.count).max() ?? 1
    for line in lines {
      var cells: [String] = by == nil ? [] : [line.period]
      if top != nil { cells.append(line.key) }
      table.add(cells + [String(line.count), plot.bar(line.count, of: most)])
    }
    for line in table.lines { output.line(line) }
  }

  private var titles: [String] {
    (by == nil ? [] : ["PERIOD"]) + (top.map { [$0.rawValue.uppercased()] } ?? []) + ["COUNT", ""]
  }

  private static func json(_ lines: [ReportLine]) -> String {
    let objects = lines.map { line in
      OrderedJSON.object([
        ("period", line.period.isEmpty ? .null : .text(line.period)), ("key", .text(line.key)),
        ("count", .number(line.count)),
      ])
    }
    return OrderedJSON.list(objects).line
  }
}
