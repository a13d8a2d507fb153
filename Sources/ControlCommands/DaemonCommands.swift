// `defangctl status` and `replace-worker`: how the running daemon is.
internal import ArgumentParser
internal import Stores

struct StatusCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the running daemon is.",
    discussion: """
      Examples:
        defangctl status
        defangctl status --json
      """)

  @OptionGroup var daemon: DaemonOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    if daemon.json { return output.raw(try daemon.ask("status") + [10]) }
    let status = try daemon.ask("status", as: DaemonStatus.self)
    for (label, text) in Self.rows(status) {
      output.line(StatsView.padded(label, 11) + PlainText.line(text))
    }
    // Without a worker mail is refused: who asks from a script should see it.
    if !status.isServing { output.foundFaults = true }
  }

  private static func rows(_ status: DaemonStatus) -> [(String, String)] {
    var rows = [
      ("policy", status.policy),
      ("daemon", "process \(status.process), for \(Figure.span(status.seconds))"),
    ]
    rows += status.workers.map { worker in
      let memory = worker.bytes.map { ", \($0 >> 20) MiB" } ?? ""
      let since = "for \(Figure.span(worker.seconds))"
      return ("worker", "process \(worker.process), \(worker.stage), \(since)\(memory)")
    }
    rows += status.listeners.map { ("listener", $0) }
    rows.append(
      ("deaths", "\(status.deaths) of workers; in hand at one: \(status.suspects) messages"))
    if let faults = status.faults, faults.count > 0 {
      let folder = "in the folder faults of the state"
      rows.append(
        ("faults", "\(faults.count) messages are kept, \(faults.bytes >> 10) KiB, \(folder)"))
    }
    if let time = status.reload.time {
      let result = status.reload.failure.map { "refused: \($0)" } ?? "taken"
      rows.append(("reload", "\(UTC.text(time)), \(result)"))
    }
    if !status.restartNeeded.isEmpty {
      rows.append(("restart", "is needed for: \(status.restartNeeded.joined(separator: ", "))"))
    }
    rows += status.switches.map { item in
      ("switch", "\(item.name) \(item.value)\(item.set ? " (set)" : "")")
    }
    if let shadow = status.shadow {
      rows.append(("shadow", "\(shadow.policy) sees \(shadow.share) of sessions"))
    }
    if let trace = status.trace.text { rows.append(("trace", trace)) }
    if !status.logLevel.asSet { rows.append(("log-level", status.logLevel.text)) }
    return rows
  }
}

struct ReplaceWorkerCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "replace-worker",
    abstract: "Put a new worker in the place of the one that serves.",
    discussion: """
      The old one finishes its messages; no connection is refused meanwhile.

      Examples:
        defangctl replace-worker
      """)

  @OptionGroup var daemon: DaemonOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let line = try daemon.ask("replace-worker")
    if daemon.json { output.raw(line + [10]) }
  }
}
