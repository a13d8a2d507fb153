// `defangctl why`, `history` and `report`, as they are typed.

import Foundation
import Testing

@testable import ControlCommands
@testable import Stores

struct HistoryCommandTests {
  private static func filled() throws -> StateFolder {
    let state = try StateFolder()
    let store = try HistoryStore(StatePaths(state.path), for: .write)
    var entry = HistoryEntry(timeSeconds: StateFolder.now)
    (entry.queueID, entry.sessionID, entry.phase) = ("4bX1y2", "a1-7", "eom")
    (entry.verdict, entry.code, entry.rule) = ("reject", "554", "virus")
    (entry.reply, entry.location) = ("554 5.7.1 Message contains Eicar", "policy.rules:31:5")
    (entry.clientIP, entry.clientName, entry.helo) = ("192.0.2.1", "host.example", "h\u{1B}[2J")
    (entry.sender, entry.recipients) = ("ann@example.net", ["bob@example.com", "eve@example.com"])
    (entry.score, entry.microseconds, entry.image) = ("4.0", 12_345, "00ff")
    entry.rules = [
      HistoryEntry.Rule(
        name: "virus", location: "policy.rules:31:5", phase: "eom",
        tests: [
          HistoryEntry.Test(
            text: "scan \"clamav\"", location: "policy.rules:32:8", outcome: .yes,
            values: ["Eicar\n\u{202E}"])
        ])
    ]
    entry.checks = [HistoryEntry.Check(name: "scan/clamav", microseconds: 9_870, failed: false)]
    entry.events = [HistoryEntry.Event(name: "virus", values: ["Eicar"])]
    var refused = HistoryEntry(timeSeconds: StateFolder.now + 1)
    (refused.sessionID, refused.phase, refused.verdict) = ("a1-8", "connect", "tempfail")
    refused.problem = "fuel"
    try store.add([entry, refused])
    return state
  }

  @Test func why() throws {
    let state = try Self.filled()
    let run = state.run("why", "4bX1y2")
    #expect(
      run.lines == [
        #"4bX1y2: rejected by rule "virus" (policy.rules:31:5)"#,
        "  reply      554 5.7.1 Message contains Eicar",
        "  time       2026-05-28T20:26:40Z",
        #"  client     192.0.2.1 host.example (HELO h\u{1b}[2J)"#,
        "  from       <ann@example.net>",
        "  to         <bob@example.com> <eve@example.com>",
        "  score      4.0",
        "  events     virus Eicar",
        "  took       12 ms",
        "  policy     00ff",
        #"  rule "virus" (policy.rules:31:5, eom) acted"#,
        #"    since scan "clamav"  with "Eicar\u{a}\u{202e}""#,
        "  check scan/clamav: 9.8 ms",
      ])
    let session = state.run("why", "a1-8").out
    #expect(
      session.hasPrefix("a1-8: temporarily refused at connect, since the filter failed: fuel\n"))
  }

  @Test func whatIsNotKnown() throws {
    let run = try Self.filled().run("why", "nobody")
    #expect(run.code == 66 && run.failure.contains("2026-05-28T20:26:40Z"))
    let empty = try StateFolder()
    #expect(empty.run("why", "x").code == 66)
    _ = try HistoryStore(StatePaths(empty.path), for: .write)
    #expect(empty.run("why", "x").failure.hasPrefix("the history is empty"))
    #expect(empty.run("history").out == "" && empty.run("report", "virus").out == "")
    #expect(empty.run("history", "--json").out == "[]\n")
  }

  @Test func history() throws {
    let state = try Self.filled()
    let lines = state.run("history").lines
    #expect(lines.count == 3 && lines[0].hasPrefix("TIME "))
    #expect(lines[1].contains("  a1-8    tempfail  connect"))
    #expect(lines[2].hasSuffix("<ann@example.net>  <bob@example.com> +1"))
    #expect(state.run("history", "--verdict", "reject", "--rule", "vi*").lines.count == 2)
    #expect(state.run("history", "--recipient", "@example.org").out == "")
    #expect(state.run("history", "--limit", "0").code == 64)
    let list = try #require(
      state.run("history", "--client", "192.0.2.1", "--json").json as? [[String: Any]])
    #expect(list.count == 1 && list[0]["queue_id"] as? String == "4bX1y2")
    let rules = try #require(list[0]["rules"] as? [[String: Any]])
    #expect(
      (rules[0]["tests"] as? [[String: Any]])?.first?["values"] as? [String] == ["Eicar\n\u{202E}"])
  }

  @Test func report() throws {
    let state = try Self.filled()
    let run = state.run("report", "virus", "--top", "value", "--by", "day")
    #expect(run.lines.count == 2)
    #expect(run.lines[0] == "PERIOD      VALUE  COUNT")
    #expect(run.lines[1].hasPrefix("2026-05-28  Eicar  1      █"))
    #expect(
      state.run("report", "verdict:reject", "--json").out
        == "[{\"period\":null,\"key\":\"\",\"count\":1}]\n")
    #expect(state.run("report", "virus", "--top", "colour").code == 64)
    #expect(state.run("report", "virus", "--count", "0").code == 64)
  }
}
