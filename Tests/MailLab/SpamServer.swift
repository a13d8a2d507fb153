// A spamd with a few rules of our own and no network. Trusts Debian's package spamd.
import Foundation

package final class SpamServer: Sendable {
  package let socketPath: String

  private let directory: LabDirectory
  private let process: ChildProcess

  /// Words in a message's body that score, with the name of their rule.
  package static let rules = [
    (word: "oneandahalf", name: "LAB_ONE_AND_A_HALF", score: "1.5"),
    (word: "fourpoints", name: "LAB_FOUR", score: "4.0"),
    (word: "twopoints", name: "LAB_TWO", score: "2.0"),
    (word: "minustwo", name: "LAB_MINUS_TWO", score: "-2.0"),
  ]

  /// What it logged so far.
  package var log: String { directory.text("spamd.out") }

  /// Starts it and waits until it listens.
  package init() throws {
    directory = try LabDirectory()
    socketPath = directory.path + "/spamd.sock"
    let home = try directory.makeDirectory("home")
    try Self.writeRules(directory, home)
    try Posix.setOwner(home, user: "nobody", group: "nogroup")
    process = try ChildProcess(
      ServerFamily.command([
        "/usr/sbin/spamd", "-L", "--allow-tell", "--socketpath=\(socketPath)",
        "--siteconfigpath=\(directory.path)/rules", "--helper-home-dir=\(home)", "-u", "nobody",
        "-m", "2", "-r", directory.path + "/spamd.pid", "-s", "stderr",
      ]), outputPath: directory.path + "/spamd.out")
    let (process, directory) = (process, directory)
    let isUp = Laboratory.waitUntil(timeoutSeconds: 30) {
      process.exitStatus() != nil || directory.text("spamd.out").contains("server pid:")
    }
    guard isUp, process.exitStatus() == nil else {
      throw LabError("spamd does not start: \(directory.text("spamd.out"))")
    }
  }

  deinit { stop() }

  package func stop() {
    process.signal(SIGKILL)
    _ = process.wait(timeoutSeconds: 5)
  }

  /// spamd judges nothing without the plug-ins that its packaged `.pre` files load.
  private static func writeRules(_ directory: LabDirectory, _ home: String) throws {
    try directory.makeDirectory("rules")
    let packaged = "/etc/spamassassin"
    for name in try FileManager.default.contentsOfDirectory(atPath: packaged)
    where name.hasSuffix(".pre") {
      try FileManager.default.copyItem(
        atPath: "\(packaged)/\(name)", toPath: "\(directory.path)/rules/\(name)")
    }
    var local = "required_score 5.0\nreport_safe 0\n"
    // Messages of tests have the days on which they were written.
    for span in ["03_06", "06_12", "12_24", "24_48", "48_96", "96_XX"] {
      for side in ["PAST", "FUTURE"] { local += "score DATE_IN_\(side)_\(span) 0\n" }
    }
    // It learns what it is told, and by itself nothing.
    local += "use_bayes 1\nbayes_auto_learn 0\nbayes_path \(home)/bayes\n"
    for rule in rules {
      local += "body \(rule.name) /\\b\(rule.word)\\b/\nscore \(rule.name) \(rule.score)\n"
      local += "describe \(rule.name) The word \(rule.word)\n"
    }
    try directory.write("rules/local.cf", local)
  }
}

/// The line that every spam filter knows, put together here so that mail about this checkout is
/// no spam.
package enum SpamSample {
  package static let line = [
    "XJS*C4JDBQADN1.NSBN3*2IDNEN", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL", "C.34X",
  ].joined(separator: "*")

  package static let message = mail(line)

  /// - Parameter text: of the body.
  package static func mail(_ text: String) -> [UInt8] {
    [UInt8](
      """
      Received: from client.example.org (client.example.org [192.0.2.1])\r
      \tby mx.example.net with ESMTP; Sat, 21 Nov 2026 10:00:00 +0000\r
      From: Ann <ann@example.org>\r
      To: Bob <bob@example.net>\r
      Date: Sat, 21 Nov 2026 10:00:00 +0000\r
      Message-ID: <1@example.org>\r
      Subject: lunch on Monday\r
      MIME-Version: 1.0\r
      Content-Type: text/plain; charset=us-ascii\r
      \r
      \(text)\r

      """.utf8)
  }
}
