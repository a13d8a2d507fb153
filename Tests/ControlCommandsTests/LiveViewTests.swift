// Plots and screens of the live commands: pure text of what the daemon answers.
import ArgumentParser
import Foundation
import Testing

@testable import ControlCommands

struct LiveViewTests {
  @Test(arguments: [
    ([0, 1, 4, 8], " ▁▄█"), ([], ""), ([0, 0], "  "), ([1], "█"), ([1, 1_000], "▁█"),
  ])
  func linesOfBars(values: [Int], line: String) {
    #expect(Plot(isPlain: false).line(values) == line)
    let plain = Plot(isPlain: true).line(values)
    #expect(plain.count == values.count && plain.utf8.count == values.count)
  }

  @Test func barsAreAShareOfTheLargest() {
    let plot = Plot(isPlain: true)
    #expect(plot.bar(10, of: 10, width: 10) == "##########")
    #expect(plot.bar(5, of: 10, width: 10) == "#####")
    #expect(plot.bar(1, of: 1_000, width: 10) == "#")
    #expect(plot.bar(0, of: 10, width: 10) == "")
  }

  @Test(arguments: [
    (0, "0 µs"), (999, "999 µs"), (1_000, "1.0 ms"), (12_345, "12.3 ms"), (999_999, "999.9 ms"),
    (1_000_000, "1.0 s"), (61_500_000, "61.5 s"),
  ])
  func times(microseconds: Int, text: String) { #expect(Figure.time(microseconds) == text) }

  @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")])
  func groups(number: Int, text: String) { #expect(Figure.grouped(number) == text) }

  private static let status = """
    {"ok":true,"version":"0.1.0","policy":"00ff","process":7,"seconds":300,
    "listeners":["milter unix:/a"],
    "workers":[{"process":8,"stage":"serving","seconds":5,"bytes":20971520}],"deaths":1,
    "suspects":0,"faults":{"count":3,"bytes":4096},
    "reload":{"count":1,"time":null,"failure":null},"restart_needed":[],
    "switches":[],"trace":{"filters":[""],"seconds_left":90,"as_set":false},
    "log_level":{"level":"info","seconds_left":null,"as_set":true},"shadow":null}
    """

  private static func window(_ seconds: Int, _ messages: Int) -> String {
    """
    {"seconds":\(seconds),"messages":\(messages),"fates":{"accept":\(messages)},"refusals":2,
    "sessions":3,"open_sessions":1,"microseconds":\(messages * 1_500),"overloaded":0,
    "abandoned":0}
    """
  }

  private static let load = """
    {"windows":[\(window(10, 25)),\(window(60, 40))],
    "series":[{"step_seconds":10,"fates":[{"accept":1},{"accept":2,"reject":1},{"reject":0}]}]}
    """

  private static func look(rules: Int) throws -> TopScreen.Look {
    func decoded<Value: Decodable>(_ text: String) throws -> Value {
      try DaemonOptions.decoder.decode(Value.self, from: Data(text.utf8))
    }
    let list: [DaemonRules.Rule] = try (0..<rules).map { number in
      try decoded(
        """
        {"name":"rule \(number)\\u001b[2J","phase":"eom","mode":"enforce","at":"p.rules:1:1",
        "hits":\(number),"microseconds":\(1_000 - number)}
        """)
    }
    return TopScreen.Look(status: try decoded(status), load: try decoded(load), rules: list)
  }

  @Test func theScreenFits() throws {
    let screen = TopScreen(plot: Plot(isPlain: false))
    let look = try Self.look(rules: 50)
    for (width, height) in [(80, 24), (20, 5), (200, 100), (1, 1)] {
      let lines = screen.lines(look, width: width, height: height)
      #expect(lines.count <= height)
      #expect(lines.allSatisfy { PlainText.width($0) <= width }, "\(width)")
      // Names of rules do nothing to a terminal.
      #expect(!lines.joined().contains("\u{1B}"))
    }
    let lines = screen.lines(look, width: 200, height: .max)
    #expect(lines[0] == "defangd 7, up 5 min, policy 00ff")
    #expect(lines[1] == "worker 8 serving 20 MiB, deaths 1")
    #expect(lines[2] == "trace all mail for 90 s more")
    #expect(lines.contains { $0.hasPrefix("10 s  25        2.5       1.5 ms") }, "\(lines)")
    #expect(lines.contains { $0.contains("accept     |▄█ | 3") }, "\(lines)")
    #expect(lines.contains { $0.contains("reject     | █ | 1") }, "\(lines)")
  }

  @Test func keysOrderTheRulesAndEndIt() throws {
    var screen = TopScreen(plot: Plot(isPlain: true))
    let look = try Self.look(rules: 3)
    func first(_ screen: TopScreen) -> String? {
      let lines = screen.lines(look, width: 100, height: .max)
      return lines.firstIndex { $0.hasPrefix("HITS") }.map { lines[$0 + 1] }
    }
    #expect(first(screen)?.contains("rule 2") == true)
    let (staysByTime, byTime) = (screen.take(UInt8(ascii: "t")), first(screen))
    #expect(staysByTime && byTime?.contains("rule 0") == true)
    let (staysByHits, staysOtherwise) = (
      screen.take(UInt8(ascii: "h")), screen.take(UInt8(ascii: "x"))
    )
    #expect(staysByHits && staysOtherwise)
    #expect(first(screen)?.contains("rule 2") == true)
    for key in [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4] {
      var screen = TopScreen()
      let stays = screen.take(key)
      #expect(!stays)
    }
  }

  @Test(arguments: [
    ([], ["a", "b", "c", "d"]), (["--by", "hits", "--count", "2"], ["d", "b"]),
    (["--by", "time"], ["c", "b", "d", "a"]), (["--idle", "--count", "1"], ["a"]),
    (["--idle", "--count", "2", "--by", "time"], ["c", "a"]),
  ])
  func rulesAreChosenAndThenCounted(words: [String], names: [String]) throws {
    let command = try #require(try Defangctl.parseAsRoot(["rules"] + words) as? RulesCommand)
    let rules = [("a", 0, 0), ("b", 3, 5), ("c", 0, 9), ("d", 7, 1)].map { name, hits, time in
      DaemonRules.Rule(
        name: name, phase: "eom", mode: "enforce", at: "p.rules:1:1", hits: hits,
        microseconds: time)
    }
    #expect(command.shown(rules).map(\.name) == names)
  }

  @Test(arguments: [
    ["trace", "--for", "1m"], ["trace", "off", "--for", "1m"], ["log-level", "--for", "1m"],
    ["shadow", "--share", "1/2"], ["shadow", "off", "--share", "1/2"], ["events", "--count", "0"],
    ["top", "--every", "0"], ["rules", "--count", "0"], ["rules", "--by", "name"],
  ])
  func wordsThatMeanNothingAreRefused(words: [String]) {
    #expect(CommandRun(words).code == 64)
  }
}
