// `defangctl shadow`: a second policy beside the live one, compared and counted.
internal import ArgumentParser
internal import FoundationEssentials
internal import Stores

struct ShadowCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "shadow",
    abstract: "Compare a second policy with the live one; without words show the comparison.",
    discussion: """
      A share of sessions is played to it once the mail server has its answer. Nothing
      of what it decides is done, and its checks write nothing. FILES are rules or one
      image, which the daemon's user must be able to read; off ends it.

      Examples:
        defangctl shadow
        defangctl shadow new.rules --share 1/10
        defangctl shadow off
      """)

  @OptionGroup var daemon: DaemonOptions
  @ArgumentParser.Argument(help: "Files of rules, or one image; or off.")
  var files: [String] = []
  @Option(help: "Of sessions: 1/10, or 10%.")
  var share: String?
  @Option(help: "So many of the latest differences.")
  var count = 20

  func validate() throws {
    guard share == nil || !files.isEmpty && files != ["off"] else {
      throw ValidationError("--share wants files")
    }
    guard count >= 0 else { throw ValidationError("--count is from 0 on") }
  }

  private var arguments: [(String, String)] {
    if files.isEmpty { return [] }
    if files == ["off"] { return [("set", "off")] }
    let folder = FileManager.default.currentDirectoryPath
    let paths = files.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
    return [("files", paths.joined(separator: "\n"))] + (share.map { [("share", $0)] } ?? [])
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    if daemon.json { return output.raw(try daemon.ask("shadow", arguments) + [10]) }
    guard arguments.isEmpty else {
      _ = try daemon.ask("shadow", arguments)
      return
    }
    for line in ShadowView(report: try daemon.ask("shadow", as: DaemonShadowReport.self))
      .lines(latest: count)
    {
      output.line(line)
    }
  }
}

/// The comparison as lines.
struct ShadowView {
  let report: DaemonShadowReport

  func lines(latest count: Int) -> [String] {
    ["policy     \(report.policy) sees \(report.share) of sessions"] + results + pairs
      + latest(count)
  }

  private var results: [String] {
    let all = report.results.values.reduce(0, +)
    return Self.labels.compactMap { name, label in
      guard let number = report.results[name], number > 0 || name == "same" else { return nil }
      return StatsView.padded(label, 32) + "\(number) of \(all)"
    }
  }

  private var pairs: [String] {
    guard !report.pairs.isEmpty else { return [] }
    var table = TextTable(["COUNT", "LIVE", "RULE", "SHADOW", "RULE"])
    for pair in report.pairs {
      table.add([String(pair.count), pair.live, pair.liveRule, pair.shadow, pair.shadowRule])
    }
    return [""] + table.lines
  }

  private func latest(_ count: Int) -> [String] {
    let shown = report.latest.suffix(count)
    guard !shown.isEmpty else { return [] }
    var table = TextTable(["TIME", "QUEUE ID", "LIVE", "SHADOW", "BY"])
    for one in shown.reversed() {
      table.add([
        UTC.text(one.time), one.queueId, Self.told(one.live, one.liveRule),
        Self.told(one.shadow, one.shadowRule), one.problem ?? one.differsBy,
      ])
    }
    return [""] + table.lines
  }

  private static func told(_ verdict: String, _ rule: String) -> String {
    rule.isEmpty ? verdict : "\(verdict) (\(rule))"
  }

  private static let labels = [
    ("same", "the same"), ("verdict", "another verdict"),
    ("recipients", "other recipients refused"), ("rule", "another rule, the same verdict"),
    ("actions", "other actions"), ("failed", "the shadow failed"),
    ("dropped", "no time for it"),
  ]
}
