// `defangctl top`: the daemon at a glance, again each second, on the whole screen. Where the output
// is no terminal, or one that can do nothing, it is printed once.
internal import ArgumentParser
internal import FoundationEssentials

struct TopCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Show load, workers and rules, live on the whole screen.",
    discussion: """
      q ends it; h orders rules by hits, t by time. ^Z stops it for a while. Where
      the output is no terminal, or a dumb one, it is printed once.

      Examples:
        defangctl top
        defangctl top --every 5
        defangctl top | head -20
      """)

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Seconds between two looks.")
  var every = 1

  func validate() throws {
    guard (1...3_600).contains(every) else { throw ValidationError("--every is 1 to 3600") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    if daemon.json {
      for question in ["status", "load", "rules"] {
        output.raw(try daemon.ask(question) + [10])
      }
      return
    }
    var screen = TopScreen()
    guard output.isTerminal, Self.canMove, Descriptor.isTerminal(0) else {
      for line in screen.lines(try look(), width: 120, height: .max) { output.line(line) }
      return
    }
    try Descriptor.onWholeScreen { () throws(ControlFailure) in
      while true {
        let size = Descriptor.screenSize
        let lines = screen.lines(try look(), width: size.columns, height: size.rows)
        // Home, each line cleared behind its end, and all below.
        let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        Descriptor.write(Array("\u{1B}[H\(text)\u{1B}[J".utf8), to: 1)
        guard let key = Descriptor.key(withinMilliseconds: every * 1_000) else { continue }
        if !screen.take(key) { return }
      }
    }
  }

  private static var canMove: Bool {
    let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return !terminal.isEmpty && terminal != "dumb"
  }

  private func look() throws(ControlFailure) -> TopScreen.Look {
    let status = try daemon.ask("status", as: DaemonStatus.self)
    let load = try daemon.ask("load", as: DaemonLoad.self)
    // Without a worker there is nobody to tell of rules.
    let rules = status.isServing ? try daemon.ask("rules", as: DaemonRules.self).rules : []
    return TopScreen.Look(status: status, load: load, rules: rules)
  }
}

/// What is shown, as lines that fit.
struct TopScreen {
  struct Look {
    let status: DaemonStatus
    let load: DaemonLoad
    let rules: [DaemonRules.Rule]
  }

  private(set) var isByTime = false
  private let view: StatsView

  init(plot: Plot = Plot()) { view = StatsView(plot: plot) }

  /// - Returns: false when it is over.
  mutating func take(_ key: UInt8) -> Bool {
    switch key {
    case UInt8(ascii: "t"): isByTime = true
    case UInt8(ascii: "h"): isByTime = false
    // Also the ends of a terminal's input: ^D, and ^C where the terminal makes no signal of it.
    case UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4: return false
    default: break
    }
    return true
  }

  func lines(_ look: Look, width: Int, height: Int) -> [String] {
    let lines =
      head(look.status) + [""] + view.load(look.load) + [""]
      + view.verdicts(look.load) + rules(look.rules)
    return lines.prefix(max(1, height)).map { PlainText.cut($0, max(1, width)) }
  }

  private func head(_ status: DaemonStatus) -> [String] {
    let workers = status.workers.map { worker in
      "\(worker.process) \(worker.stage)" + (worker.bytes.map { " \($0 >> 20) MiB" } ?? "")
    }
    let reload = status.reload.failure.map { ", last reload refused: \($0)" } ?? ""
    var lines = [
      "defangd \(status.process), up \(Figure.span(status.seconds)),"
        + " policy \(status.policy)\(reload)",
      "worker \(workers.isEmpty ? "none: mail is refused" : workers.joined(separator: ", "))"
        + ", deaths \(status.deaths)",
    ]
    if let trace = status.trace.text { lines.append("trace \(trace)") }
    return lines.map(PlainText.line)
  }

  private func rules(_ rules: [DaemonRules.Rule]) -> [String] {
    let sorted = rules.sorted {
      isByTime ? $0.microseconds > $1.microseconds : $0.hits > $1.hits
    }
    var table = TextTable(["HITS", "TIME", "PHASE", "RULE"])
    for rule in sorted {
      table.add([
        Figure.grouped(rule.hits), Figure.time(rule.microseconds), rule.phase, rule.name,
      ])
    }
    return table.lines
  }
}
