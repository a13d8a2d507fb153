// `defangctl rules`: what each rule of the live policy did, and the time that it took.
internal import ArgumentParser

enum RuleOrder: String, ExpressibleByArgument, CaseIterable, Sendable { case policy, hits, time }

struct RulesCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Show how often each rule acted, and what time it took.",
    discussion: """
      Counts are since the worker began, also over reloads. Time is without waiting,
      measured in one message of sixteen and multiplied.

      Examples:
        defangctl rules
        defangctl rules --by time --count 10
        defangctl rules --idle
      """)

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Order: policy, hits or time.")
  var by = RuleOrder.policy
  @Option(help: "So many of them.")
  var count: Int?
  @Flag(help: "Only those that never acted.")
  var idle = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count is from 1 on") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    if daemon.json { return output.raw(try daemon.ask("rules") + [10]) }
    let rules = try daemon.ask("rules", as: DaemonRules.self).rules
    let plot = Plot()
    let most = rules.map(\.hits).max() ?? 0
    var table = TextTable(["HITS", "TIME", "PHASE", "RULE", "AT", ""])
    for rule in shown(rules) {
      let mode = rule.mode == "enforce" ? "" : " (\(rule.mode))"
      table.add([
        String(rule.hits), Figure.time(rule.microseconds), rule.phase, rule.name + mode, rule.at,
        plot.bar(rule.hits, of: most, width: 20),
      ])
    }
    for line in table.lines { output.line(line) }
  }

  /// Those that are asked for, in their order.
  func shown(_ rules: [DaemonRules.Rule]) -> ArraySlice<DaemonRules.Rule> {
    sorted(idle ? rules.filter { $0.hits == 0 } : rules).prefix(count ?? .max)
  }

  private func sorted(_ rules: [DaemonRules.Rule]) -> [DaemonRules.Rule] {
    switch by {
    case .policy: rules
    case .hits: rules.sorted { $0.hits > $1.hits }
    case .time: rules.sorted { $0.microseconds > $1.microseconds }
    }
  }
}
