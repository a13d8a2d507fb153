// The daemon's tables, asked by Postfix's own client as its lookup tables would.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class SocketmapTests {
  private let folder: String
  private let daemon: DaemonUnderTest

  init() throws {
    folder = "/tmp/defang-socketmap." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try Data("compatibility_level = 3.6\n".utf8).write(to: URL(filePath: folder + "/main.cf"))
    try Data("^ann@ OK found\n".utf8).write(to: URL(filePath: folder + "/patterns"))
    let policy = """
      require "defang";
      on_error :table "tempfail";
      table :inline ["example.com relay:[192.0.2.1]"] :type "map" "transport";
      table :inline ["example.org"] :type "domain" "ours";
      table :file "\(folder)/patterns" :type "regex" "patterns";
      table :cdb "\(folder)/none.cdb" "broken";
      phase mail {
        rule "r" {
          if anyof (lookup "table:transport" "${sender.domain}",
            lookup "table:ours" "${sender.domain}",
            lookup "table:patterns" "${sender}", lookup "table:broken" "${sender}") { stop; }
        }
      }
      """
    daemon = try DaemonUnderTest(
      policy: policy, frontEnd: .nio,
      furtherArguments: ["--socketmap", "unix:\(folder)/map"], address: "unix:\(folder)/milter")
    try daemon.start()
  }

  deinit {
    daemon.kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func postmap(_ key: String, _ table: String) throws -> ToolRun {
    let postfix = Laboratory.checkout + "/.build-mta/postfix"
    return try ToolRun([
      "env", "LD_LIBRARY_PATH=\(postfix)/usr/lib/postfix", "MAIL_CONFIG=\(folder)",
      "\(postfix)/usr/sbin/postmap", "-q", key, "socketmap:unix:\(folder)/map:\(table)",
    ])
  }

  @Test func answersPostfix() throws {
    let cases = [
      ("example.com", "transport", "relay:[192.0.2.1]\n"), ("example.net", "transport", ""),
      // Entries without a value answer with the key.
      ("mail.example.org", "ours", "mail.example.org\n"),
      ("Ann@example.net", "patterns", "OK found\n"),
    ]
    for (key, table, answer) in cases {
      let run = try postmap(key, table)
      #expect(run.output == answer, "\(key) in \(table)")
      #expect(run.status == .code(answer.isEmpty ? 1 : 0))
    }
    let unknown = try postmap("k", "nowhere")
    #expect(unknown.output.contains("no table of this name"), "\(unknown.output)")
    let broken = try postmap("k", "broken")
    #expect(broken.output.contains("none.cdb is not there"), "\(broken.output)")
  }
}
