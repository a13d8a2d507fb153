// The status of `test` where nothing was tested or measured: never the one of success.

import ArgumentParser
import Foundation
import Testing

@testable import RuleCommands

struct TestCommandTests {
  private static let policy = "require \"defang\"; phase eom { rule \"r\" { log \"x\"; } }"
  private static let files = [
    "p.rules": policy,
    "p.rulestest": "test \"good\" { message \"A: 1\"; expect :rule \"r\"; }",
    "wrong.rulestest": "policy \"p.rules\"; test \"t\" { connect; expect :not :rule \"q\"; }",
    "empty.rulestest": "policy \"p.rules\";",
    "s.svtest": """
    require "vnd.dovecot.testsuite";
    test "t" { if not true { test_fail "no"; } }
    """,
  ]

  /// Runs `test` in a folder with these files; the status.
  private func status(_ paths: [String], _ options: [String]) throws -> Int32 {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "test-command-\(UUID().uuidString)")
    let bare = folder.appending(path: "bare")
    try FileManager.default.createDirectory(at: bare, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in Self.files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    let command = try TestCommand.parse(
      paths.map { folder.appending(path: $0).path } + options)
    do {
      try command.run()
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    }
  }

  @Test(
    arguments: [
      (["p.rulestest"], [], 0), (["p.rulestest"], ["--minimum", "100"], 0),
      (["p.rulestest"], ["--filter", "good"], 0), (["p.rulestest"], ["--filter", "zzz"], 64),
      (["bare"], [], 64), (["empty.rulestest"], [], 64), (["bare", "p.rulestest"], [], 0),
      (["wrong.rulestest"], ["--minimum", "0"], 1), (["s.svtest"], [], 0),
      (["s.svtest"], ["--minimum", "90"], 1),
      (["s.svtest", "p.rulestest"], ["--minimum", "90"], 0), (["none.rulestest"], [], 66),
    ] as [([String], [String], Int32)])
  func statusOf(_ paths: [String], _ options: [String], _ expected: Int32) throws {
    #expect(try status(paths, options) == expected)
  }
}
