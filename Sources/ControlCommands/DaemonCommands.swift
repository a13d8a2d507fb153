// `defangctl status`, `reload` and `replace-worker`: what the running daemon is asked and told.
internal import ArgumentParser
internal import FoundationEssentials
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

  private struct Status: Decodable {
    struct Worker: Decodable {
      let process: Int
      let stage: String
      let seconds: Int
      let bytes: Int?
    }

    struct Reload: Decodable {
      let count: Int
      let time: Int64?
      let failure: String?
    }

    let policy: String
    let process: Int
    let seconds: Int
    let listeners: [String]
    let workers: [Worker]
    let deaths: Int
    let suspects: Int
    let reload: Reload
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let line = try daemon.ask("status")
    if daemon.json { return output.raw(line + [10]) }
    guard let status = try? JSONDecoder().decode(Status.self, from: Data(line)) else {
      throw ControlFailure(76, "the daemon is of another version")
    }
    output.line("policy     \(status.policy)")
    output.line("daemon     process \(status.process), for \(Self.span(status.seconds))")
    for worker in status.workers {
      let memory = worker.bytes.map { ", \($0 >> 20) MiB" } ?? ""
      output.line(
        "worker     process \(worker.process), \(worker.stage), for \(Self.span(worker.seconds))"
          + memory)
    }
    for listener in status.listeners { output.line("listener   \(listener)") }
    output.line(
      "deaths     \(status.deaths) of workers; in hand at one: \(status.suspects) messages")
    if let time = status.reload.time {
      let result = status.reload.failure.map { "refused: \($0)" } ?? "taken"
      output.line("reload     \(UTC.text(time)), \(result)")
    }
    // Without a worker mail is refused: who asks from a script should see it.
    if !status.workers.contains(where: { $0.stage == "serving" }) { output.foundFaults = true }
  }

  private static func span(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}

struct ReloadCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Let the daemon read its configuration and policy again.",
    discussion: """
      Sessions keep the policy that they began with. A policy with mistakes changes
      nothing: the command fails, with what is wrong.

      Examples:
        defangctl reload
      """)

  @OptionGroup var daemon: DaemonOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let line = try daemon.ask("reload")
    if daemon.json { output.raw(line + [10]) }
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
