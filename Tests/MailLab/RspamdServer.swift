// An rspamd with its packaged rules, no network, and the modules off that would want one. Trusts
// Debian's package rspamd.
import Foundation

package final class RspamdServer: Sendable {
  package let socketPath: String
  /// The symbol of a message whose Subject has the word `labword`, and what it scores.
  package static let symbol = (name: "LAB_WORD", score: "7.25")

  private let directory: LabDirectory
  private let process: ChildProcess

  /// Starts it and waits until it answers.
  package init() throws {
    directory = try LabDirectory()
    // It leaves root's rights by itself, and writes here then.
    try Posix.setMode(directory.path, 0o777)
    socketPath = directory.path + "/rspamd.sock"
    let settings = try Self.writeSettings(directory, socketPath)
    var arguments = ["/usr/bin/rspamd", "-f", "-i", "-c", settings, "--var", "CONFDIR=/etc/rspamd"]
    for name in ["LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR"] {
      arguments += ["--var", "\(name)=\(directory.path)"]
    }
    process = try ChildProcess(
      ServerFamily.command(arguments), outputPath: directory.path + "/rspamd.out")
    let (process, socketPath) = (process, socketPath)
    let isUp = Laboratory.waitUntil(timeoutSeconds: 60) {
      process.exitStatus() != nil || FileManager.default.fileExists(atPath: socketPath)
    }
    guard isUp, process.exitStatus() == nil else {
      throw LabError("rspamd does not start: \(directory.text("rspamd.out"))")
    }
  }

  deinit { stop() }

  package func stop() {
    process.signal(SIGKILL)
    _ = process.wait(timeoutSeconds: 5)
  }

  /// What it logged so far.
  package var log: String { directory.text("rspamd.out") }

  /// Two names of the top level are enough here; to compile the packaged list takes 12 s.
  private static func writeSettings(
    _ directory: LabDirectory, _ socketPath: String
  ) throws -> String {
    try directory.write("top-level-names", "com\nnet\norg\n")
    try directory.makeDirectory("local.d")
    let modules = [
      "arc", "asn", "dkim", "dkim_signing", "dmarc", "fuzzy_check", "greylist", "hfilter",
      "history_redis", "mx_check", "neural", "phishing", "ratelimit", "rbl", "replies", "spf",
      "surbl", "url_redirector",
    ]
    for name in modules { try directory.write("local.d/\(name).conf", "enabled = false;\n") }
    try directory.write(
      "local.d/milter_headers.conf",
      "use = [\"x-spam-level\", \"x-spam-status\"];\nskip_local = false;\n")
    try directory.write(
      "rspamd.local.lua",
      """
      config['regexp']['\(symbol.name)'] = {
        re = 'Subject=/labword/H', score = \(symbol.score), description = 'The word of the test'
      }

      """)
    return try directory.write(
      "rspamd.conf",
      """
      .include "$CONFDIR/common.conf"
      options {
        pidfile = "$RUNDIR/rspamd.pid";
        url_tld = "\(directory.path)/top-level-names";
        disable_hyperscan = true;
        filters = "chartable,regexp";
        dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
      }
      logging { type = "console"; level = "info"; }
      worker "normal" { bind_socket = "\(socketPath) mode=0666"; count = 1; }

      """)
  }
}
