// `defangctl reload`: the daemon reads its configuration and policy again, or says what would be
// otherwise if it did.
internal import ArgumentParser

struct ReloadCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Let the daemon read its configuration and policy again.",
    discussion: """
      Sessions keep the policy and the settings that they began with; settings that
      take effect at a restart are named. A policy with mistakes changes
      nothing: the command fails, with what is wrong. A dry run changes nothing
      either, and says which rules, tables and declarations would be otherwise;
      what is in files of tables is not compared.

      Examples:
        defangctl reload
        defangctl reload --dry-run
      """)

  @OptionGroup var daemon: DaemonOptions
  @Flag(help: "Compile and verify, and say what would change.")
  var dryRun = false

  private struct Taken: Decodable {
    let policy: String
    let settings: [String]
    let restartNeeded: [String]
  }

  private struct Trial: Decodable {
    struct Names: Decodable {
      let added: [String]
      let removed: [String]
      let changed: [String]
    }

    let policy: String
    let next: String
    let rules: Names
    let tables: Names
    let declared: Names
    let cost: Int
    let nextCost: Int
    let settings: [String]
    let restartNeeded: [String]
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let arguments = dryRun ? [("dry_run", "yes")] : []
    if daemon.json { return output.raw(try daemon.ask("reload", arguments) + [10]) }
    guard dryRun else {
      let taken = try daemon.ask("reload", as: Taken.self)
      output.line("policy     \(taken.policy)")
      if !taken.settings.isEmpty {
        output.line("settings   taken over: \(taken.settings.joined(separator: ", "))")
      }
      return Self.sayNeeds(taken.restartNeeded, &output)
    }
    let trial = try daemon.ask("reload", arguments, as: Trial.self)
    output.line("policy     \(trial.policy) would be \(trial.next)")
    Self.say("rule", trial.rules, &output)
    Self.say("table", trial.tables, &output)
    Self.say("declared", trial.declared, &output)
    if trial.cost != trial.nextCost {
      let (former, next) = (Figure.grouped(trial.cost), Figure.grouped(trial.nextCost))
      output.line("cost       \(former) would be \(next) (a message, at worst)")
    }
    if !trial.settings.isEmpty {
      output.line("settings   would be taken over: \(trial.settings.joined(separator: ", "))")
    }
    if trial.policy == trial.next, trial.settings.isEmpty { output.line("nothing would change") }
    Self.sayNeeds(trial.restartNeeded, &output)
  }

  private static func say(_ kind: String, _ names: Trial.Names, _ output: inout ControlOutput) {
    let label = StatsView.padded(kind, 10)
    for (word, list) in [
      ("added", names.added), ("removed", names.removed), ("changed", names.changed),
    ] {
      for name in list { output.line("\(label) \(word)  \(PlainText.line(name))") }
    }
  }

  private static func sayNeeds(_ names: [String], _ output: inout ControlOutput) {
    for name in names { output.line("restart    \(name) takes effect at a restart") }
  }
}
