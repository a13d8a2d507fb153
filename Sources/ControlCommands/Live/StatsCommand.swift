// `defangctl stats`: how much mail there was, what became of it, and how long it took, with plots.
internal import ArgumentParser

struct StatsCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show load and times, from ten seconds to a day, with plots.",
    discussion: """
      Load is of the daemon since it began; times are of its worker. --json gives
      two lines, load and figures.

      Examples:
        defangctl stats
        defangctl stats --json
      """)

  @OptionGroup var daemon: DaemonOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    if daemon.json {
      return output.raw(try daemon.ask("load") + [10] + daemon.ask("figures") + [10])
    }
    let load = try daemon.ask("load", as: DaemonLoad.self)
    let figures = try daemon.ask("figures", as: DaemonFigures.self)
    let view = StatsView(plot: Plot())
    for line in view.load(load) + [""] + view.verdicts(load) + view.times(figures) {
      output.line(line)
    }
  }
}

/// Lines of load and times; `top` has them too.
struct StatsView {
  let plot: Plot

  /// A row for each window.
  func load(_ load: DaemonLoad) -> [String] {
    var table = TextTable([
      "LAST", "MESSAGES", "A SECOND", "MEAN TIME", "REFUSED BEFORE", "OPEN SESSIONS", "OVERLOADED",
      "ABANDONED",
    ])
    for window in load.windows {
      table.add([
        Figure.span(window.seconds), Figure.grouped(window.messages),
        Figure.rate(window.messages, seconds: window.seconds),
        Figure.time(window.meanMicroseconds), Figure.grouped(window.refusals),
        Figure.grouped(window.openSessions), Figure.grouped(window.overloaded),
        Figure.grouped(window.abandoned),
      ])
    }
    return table.lines
  }

  /// A line of little bars for each verdict that there was.
  func verdicts(_ load: DaemonLoad) -> [String] {
    load.series.flatMap { series -> [String] in
      let fates = Set(series.fates.flatMap { $0.filter { $0.value > 0 }.keys }).sorted()
      guard !fates.isEmpty else { return [] }
      return ["last \(Figure.span(series.seconds)), \(Figure.span(series.stepSeconds)) each:"]
        + fates.map { fate in
          let values = series.values(fate)
          return "  \(Self.padded(fate, 10)) |\(plot.line(values))| "
            + Figure.grouped(values.reduce(0, +))
        } + [""]
    }
  }

  /// How long mail servers waited: a bar for each range that a message fell into.
  func times(_ figures: DaemonFigures) -> [String] {
    guard let all = figures.messageTime.first else { return [] }
    let counts = zip(all.upTo, [0] + all.upTo).map { $0 - $1 }
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return [] }
    let most = counts.max() ?? 1
    let head =
      "time of a message: half within \(Figure.time(all.median)),"
      + " 99 of 100 within \(Figure.time(all.p99))"
    return [head]
      + (first...last).map { index in
        let bound =
          index < figures.bucketsMicroseconds.count
          ? "to \(Figure.time(figures.bucketsMicroseconds[index]))" : "more"
        return "  \(Self.padded(bound, 12)) \(plot.bar(counts[index], of: most))"
          + " \(Figure.grouped(counts[index]))"
      } + checks(figures)
  }

  private func checks(_ figures: DaemonFigures) -> [String] {
    guard !figures.checkTimes.isEmpty else { return [] }
    var table = TextTable(["CHECK", "ASKED", "FAILED", "HALF WITHIN", "99 OF 100"])
    for times in figures.checkTimes {
      let kind = times.of.first ?? ""
      let failed = figures.checks.filter {
        $0.of.first == kind && ["failed", "timeout"].contains($0.of.last)
      }
      table.add([
        kind, Figure.grouped(times.count), Figure.grouped(failed.reduce(0) { $0 + $1.count }),
        Figure.time(times.median), Figure.time(times.p99),
      ])
    }
    return [""] + table.lines
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - PlainText.width(text)))
  }
}
