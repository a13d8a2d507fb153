// `defangctl links`, `set` and `switches`; text that is typed and text that is shown.

import Foundation
import Testing

@testable import ControlCommands
@testable import Stores

struct OtherCommandTests {
  @Test func linksExpire() throws {
    let state = try StateFolder()
    let folder = StoreFolder("\(state.path)/links")
    let digest = String(repeating: "0f", count: 32)
    let place = try #require(LinkPlace(digest: digest, name: "a.pdf"))
    let stored = try LinkStore(folder).put(
      LinkOrder(place: place, content: [1], dateSeconds: StateFolder.now))
    let words = ["links", "expire", "--store", folder.path, "--older-than"]
    #expect(CommandRun(words + ["1h"]).out == "0 entries and 0 files removed\n")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3_700)], ofItemAtPath: stored.path)
    #expect(CommandRun(words + ["2h"]).out == "0 entries and 0 files removed\n")
    let json = CommandRun(words + ["1h", "--json"])
    #expect(json.out == "{\"entries\":1,\"files\":0}\n")
    #expect(!FileManager.default.fileExists(atPath: stored.path))
    let other = CommandRun(["links", "expire", "--store", state.path, "--older-than", "1h"])
    #expect(other.code == 64 && other.failure.contains("no store of ours"))
    #expect(CommandRun(words + ["soon"]).code == 64)
  }

  @Test func switchesAreSet() throws {
    let state = try StateFolder()
    #expect(state.run("switches").out == "")
    #expect(state.run("set", "lockdown", "on").code == 0)
    #expect(SwitchStore(directory: state.path).values() == ["lockdown": "on"])
    let run = state.run("switches")
    #expect(run.lines.count == 2 && run.lines[1].hasPrefix("lockdown  on     20"))
    let list = try #require(state.run("switches", "--json").json as? [[String: String]])
    #expect(list.first?["name"] == "lockdown" && list.first?["value"] == "on")
    #expect(state.run("set", "lockdown", "--unset").code == 0)
    #expect(SwitchStore(directory: state.path).values() == [:])
    #expect(state.run("set", "lockdown").code == 64)
    #expect(state.run("set", "lockdown", "on", "--unset").code == 64)
    #expect(state.run("set", "lock down", "on").code == 64)
    #expect(state.run("set", "lockdown", "a\nb").code == 64)
    #expect(CommandRun(["set", "a", "b", "--state", "\(state.path)/none"]).code == 66)
  }

  @Test(
    arguments: [
      ("30s", 30), ("2m", 120), ("3h", 10_800), ("7d", 604_800), ("2w", 1_209_600), ("0d", 0),
      ("36500d", 3_153_600_000),
    ] as [(String, Int64)])
  func ages(text: String, seconds: Int64) {
    #expect(Age(argument: text)?.seconds == seconds)
    #expect(Moment(argument: text)?.seconds(before: 5_000_000_000) == 5_000_000_000 - seconds)
  }

  @Test(arguments: [
    "", "d", "7", "-7d", "+7d", "7y", "1.5d", "36501d", "99999999999999999999d", "2026-02-30",
    "2026-1-1", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026/01/01", "٢٠٢٦-٠١-٠١",
  ])
  func noMoments(text: String) { #expect(Moment(argument: text) == nil) }

  @Test(
    arguments: [
      ("2026-05-28", 1_779_926_400), ("2026-05-28T20:26:40Z", 1_780_000_000), ("1970-01-01", 0),
    ] as [(String, Int64)])
  func moments(text: String, seconds: Int64) {
    #expect(Moment(argument: text) == .at(seconds: seconds))
  }

  // MARK: Text

  @Test(arguments: [
    ("plain äß 日本", "plain äß 日本"), ("a\u{1B}[31m", #"a\u{1b}[31m"#), ("\r\n", #"\u{d}\u{a}"#),
    ("\u{9B}2J", #"\u{9b}2J"#), ("\u{202E}x\u{2066}", #"\u{202e}x\u{2066}"#),
    ("a\u{200B}b\u{FEFF}", #"a\u{200b}b\u{feff}"#), ("\u{2028}", #"\u{2028}"#),
    ("\u{E000}", #"\u{e000}"#), ("e\u{301}", "e\u{301}"),
  ])
  func nothingActsOnATerminal(text: String, shown: String) {
    #expect(PlainText.line(text) == shown)
  }

  @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("", 0), ("ｱb", 2)])
  func widths(text: String, cells: Int) { #expect(PlainText.width(text) == cells) }

  @Test(arguments: [("abcd", 4, "abcd"), ("abcde", 4, "abc…"), ("日本語", 4, "日…"), ("日本", 4, "日本")])
  func cuts(text: String, widthMax: Int, shown: String) {
    #expect(PlainText.cut(text, widthMax) == shown)
  }

  @Test func columnsStandUnderEachOther() {
    var table = TextTable(["A", "B", "C"])
    table.add(["日本", "x", "end"])
    table.add(["", String(repeating: "y", count: 50), ""])
    let long = String(repeating: "y", count: 39) + "…"
    let blanks = String(repeating: " ", count: 39)
    #expect(table.lines == ["A     B\(blanks)  C", "日本  x\(blanks)  end", "      \(long)"])
  }
}
