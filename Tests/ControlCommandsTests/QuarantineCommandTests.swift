// `defangctl quarantine`: what is printed, what is done, how it ends.

import Foundation
import Stores
import Testing

@testable import ControlCommands

struct QuarantineCommandTests {
  @Test func theListIsATable() throws {
    let state = try StateFolder()
    try state.fill()
    let run = state.run("quarantine", "list")
    #expect(run.code == 0)
    let evil = #"Invoice \u{1b}]0;owned\u{7}\u{202e}fdp.exe\u{a}X"#
    // The widest cell of each column, then two blanks.
    let widths = [8, 20, 6, 4, 6, 17, 20]
    let rows = [
      ["ID", "RECEIVED", "STATUS", "SIZE", "RULE", "FROM", "TO", "WHAT"],
      ["m-2", "2026-05-28T20:26:42Z", "held", "4", "office", "<>", "<bob@example.com>"],
      [
        "m-1.p1.2", "2026-05-28T20:26:41Z", "held", "3", "office", "<ann@example.net>",
        "<bob@example.com>", "1.2 日本.docm",
      ],
      [
        "m-1", "2026-05-28T20:26:40Z", "held", "66", "office", "<ann@example.net>",
        "<bob@example.com> +1", evil,
      ],
    ]
    let expected = rows.map { row in
      let cells = zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }
      let line = cells.joined() + (row.count > widths.count ? row[widths.count] : "")
      return line.replacing(#/ +$/#, with: "")
    }
    #expect(run.lines == expected)
    #expect(state.run("quarantine", "list", "--rule", "none").out == "")
  }

  @Test(arguments: [
    (["--sender", "ANN@example.net"], ["m-1.p1.2", "m-1"]), (["--sender", ""], ["m-2"]),
    (["--recipient", "eve@*"], ["m-1"]), (["--kind", "part"], ["m-1.p1.2"]),
    (["--since", "2026-05-28T20:26:41Z"], ["m-2", "m-1.p1.2"]),
    (["--until", "2026-05-28"], []), (["--since", "2026-05-28", "--limit", "1"], ["m-2"]),
    (["--id-prefix", "m-1"], ["m-1.p1.2", "m-1"]), (["--status", "released"], []),
    (["--reason", "mac*"], ["m-2", "m-1.p1.2", "m-1"]),
  ])
  func filtersAreThoseOfTheStore(words: [String], expected: [String]) throws {
    let state = try StateFolder()
    try state.fill()
    let run = CommandRun(["quarantine", "list", "--json", "--state", state.path] + words)
    let entries = try #require(run.json as? [[String: Any]])
    #expect(entries.compactMap { $0["id"] as? String } == expected)
  }

  @Test func theListIsJSON() throws {
    let state = try StateFolder()
    try state.fill()
    let run = state.run("quarantine", "list", "--json")
    let entries = try #require(run.json as? [[String: Any]])
    let message = try #require(entries.last)
    #expect(message["subject"] as? String == StateFolder.evilSubject)
    #expect(message["status"] as? String == "held" && message["part"] is NSNull)
    #expect(message["recipients"] as? [String] == ["bob@example.com", "eve@example.com"])
    #expect(message["received"] as? String == "2026-05-28T20:26:40Z")
    let part = try #require(entries[1]["part"] as? [String: String])
    #expect(part == ["path": "1.2", "name": "日本.docm", "type": "application/x"])
    // No control reaches a terminal by way of JSON either.
    #expect(!run.bytes.contains { $0 < 32 && $0 != 10 })
  }

  @Test func showTellsWhatIsKnown() throws {
    let state = try StateFolder()
    try state.fill()
    let store = try state.store()
    let actor = StoreActor(userNumber: 3, name: "ann")
    _ = try store.beginRelease("m-1", by: actor, nowSeconds: StateFolder.now)
    try store.finishRelease(
      "m-1", .failed("550 \u{1B}[1m no"), by: actor, nowSeconds: StateFolder.now)
    let run = state.run("quarantine", "show", "m-1")
    #expect(run.code == 0)
    #expect(run.lines.contains("to          <bob@example.com> <eve@example.com>"))
    #expect(run.lines.contains("client      192.0.2.1"))
    #expect(run.lines.contains("2026-05-28T20:26:40Z release begun by ann"))
    #expect(run.lines.contains(#"2026-05-28T20:26:40Z release failed by ann: 550 \u{1b}[1m no"#))
    #expect(!run.bytes.contains(0x1B))
    let object = try #require(
      state.run("quarantine", "show", "m-1", "--json").json as? [String: Any])
    let audit = try #require(object["audit"] as? [[String: Any]])
    #expect(audit.map { $0["action"] as? String } == ["release begun", "release failed"])
    #expect(audit.first?["uid"] as? Int == 3)
  }

  @Test func contentIsHarmlessOnATerminal() throws {
    let state = try StateFolder()
    try state.fill()
    #expect(state.run("quarantine", "show", "m-1", "--content").bytes == StateFolder.message)
    let shown = state.run("quarantine", "show", "m-1", "--content", onTerminal: true)
    #expect(shown.out.hasPrefix("Subject: =?utf-8?q?a?=\nX-Evil: \\u{1b}[2J\n\nBody\n"))
    let headers = state.run("quarantine", "show", "m-1", "--headers")
    #expect(headers.out == "Subject: =?utf-8?q?a?=\nX-Evil: \\u{1b}[2J\n")
    #expect(state.run("quarantine", "show", "m-2", "--headers").out == "A: b\n")
    #expect(state.run("quarantine", "show", "m-1.p1.2", "--headers").code == 64)
  }

  @Test func deletingNeedsAnIDOrAYes() throws {
    let state = try StateFolder()
    try state.fill()
    #expect(state.run("quarantine", "delete").code == 64)
    #expect(state.run("quarantine", "delete", "m-1", "--rule", "office").code == 64)
    let asked = state.run("quarantine", "delete", "--sender", "@example.net")
    #expect(asked.code == 64 && asked.failure.hasPrefix("2 entries would be deleted"))
    #expect(try state.store().entries().count == 3)
    #expect(state.run("quarantine", "delete", "m-2").out == "1 deleted\n")
    #expect(
      state.run("quarantine", "delete", "--sender", "@example.net", "--yes").out == "2 deleted\n")
    #expect(try state.store().entries().isEmpty)
    let run = state.run("quarantine", "list", "--status", "deleted")
    #expect(run.lines.count == 4)
    let audit = try state.store().audit(of: "m-2")
    #expect(audit.map(\.action) == [.deleted] && audit[0].actor == .current)
  }

  @Test func exportMakesFiles() throws {
    let state = try StateFolder()
    try state.fill()
    let run = state.run("quarantine", "export", "m-1", "m-1.p1.2", "--to", state.path)
    #expect(run.lines == ["\(state.path)/m-1.eml", "\(state.path)/m-1.p1.2.bin"])
    let copy = try Data(contentsOf: URL(filePath: "\(state.path)/m-1.eml"))
    #expect([UInt8](copy) == StateFolder.message)
    #expect(try state.store().audit(of: "m-1").map(\.action) == [.exported])
    // Nothing is overwritten.
    #expect(state.run("quarantine", "export", "m-1", "--to", state.path).code == 73)
    #expect(state.run("quarantine", "export", "m-1", "--to", "-").bytes == StateFolder.message)
    #expect(state.run("quarantine", "export", "m-1", "m-2", "--to", "-").code == 64)
    #expect(state.run("quarantine", "export", "m-1.p1.2", "--mbox", "--to", "-").code == 64)
  }

  @Test func aMailboxCanBeTakenApartAgain() throws {
    let state = try StateFolder()
    try state.fill()
    let run = state.run("quarantine", "export", "m-1", "m-2", "--mbox", "--to", "-")
    #expect(
      run.out == """
        From ann@example.net Thu May 28 20:26:40 2026
        Subject: =?utf-8?q?a?=
        X-Evil: \u{1B}[2J

        Body
        >From me
        >>From you

        From MAILER-DAEMON Thu May 28 20:26:42 2026
        A: b


        """)
  }

  @Test func upkeep() throws {
    let state = try StateFolder()
    try state.fill()
    #expect(state.run("quarantine", "expire").out == "0 entries and 0 files removed\n")
    #expect(state.run("quarantine", "check").out == "3 entries, 73 bytes, 0 faults\n")
    let digest = try #require(try state.store().entry("m-2")).digest
    try FileManager.default.removeItem(
      atPath: "\(state.path)/quarantine/content/\(digest.prefix(2))/\(digest)")
    let run = state.run("quarantine", "check")
    #expect(run.code == 1)
    #expect(run.lines == ["the content of m-2 is missing", "3 entries, 73 bytes, 1 faults"])
    let json = try #require(state.run("quarantine", "check", "--json").json as? [String: Any])
    #expect(json["faults"] as? [String] == ["the content of m-2 is missing"])
  }

  // MARK: Ends

  @Test(arguments: [
    (["quarantine", "show", "m-9"], 66 as Int32, "there is no entry 'm-9'"),
    (["quarantine", "delete", "m-9"], 66, "there is no entry 'm-9'"),
    (["quarantine", "export", "m-9", "--to", "-"], 66, "there is no entry 'm-9'"),
    (["quarantine", "list", "--since", "yesterday"], 64, "since"),
    (["quarantine", "list", "--limit", "0"], 64, "--limit is 1 or more"),
    (["quarantine", "show", "m-1", "--content", "--json"], 64, "exclude"),
    (["quarantine", "nonsense"], 64, ""),
  ])
  func failuresHaveTheirCode(words: [String], code: Int32, text: String) throws {
    let state = try StateFolder()
    try state.fill()
    let run = CommandRun(words + ["--state", state.path])
    #expect(
      run.code == code && (text.isEmpty || run.failure.contains(text)), "\(run.code) \(run.failure)"
    )
  }

  @Test func noStoreIsNoInput() throws {
    let state = try StateFolder()
    #expect(state.run("quarantine", "list").code == 66)
    // Looking makes nothing.
    #expect(try FileManager.default.contentsOfDirectory(atPath: state.path) == [])
    try state.fill()
    try Data("no database at all, but long enough to be read as one".utf8)
      .write(to: URL(filePath: "\(state.path)/quarantine/index.db"))
    for name in ["index.db-wal", "index.db-shm"] {
      try? FileManager.default.removeItem(atPath: "\(state.path)/quarantine/\(name)")
    }
    let run = state.run("quarantine", "list")
    #expect(run.code == 65 && run.failure.contains("index is damaged"), "\(run.failure)")
  }
}
