// An rspamd with its packaged rules, no network, and the modules off that would want one. Trusts
// Debian's package rspamd.
import Foundation

package final class RspamdServer: Sendable {
  package let socketPath: String
  /// The symbol of a message whose Subject has the word `labword`, and what it scores.
  package static let symbol = (name: "LAB_WORD", score: "7.25")

  private let directory: LabDirectory
  private let process: ChildProcess

  /// Where it is taught, if it learns.
  package var controllerPath: String { directory.path + "/controller.sock" }

  /// Starts it and waits until it answers.
  /// - Parameter memory: where it keeps what it learns; without one it does not.
  package init(memory: RedisServer? = nil) throws {
    directory = try LabDirectory()
    // It leaves root's rights by itself, and writes here then.
    try Posix.setMode(directory.path, 0o777)
    socketPath = directory.path + "/rspamd.sock"
    if let memory { try Self.writeMemory(directory, memory) }
    let settings = try Self.writeSettings(directory, socketPath)
    var arguments = ["/usr/bin/rspamd", "-f", "-i", "-c", settings, "--var", "CONFDIR=/etc/rspamd"]
    for name in ["LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR"] {
      arguments += ["--var", "\(name)=\(directory.path)"]
    }
    process = try ChildProcess(
      ServerFamily.command(arguments), outputPath: directory.path + "/rspamd.out")
    let process = process
    let sockets = memory == nil ? [socketPath] : [socketPath, controllerPath]
    let isUp = Laboratory.waitUntil(timeoutSeconds: 60) {
      process.exitStatus() != nil || sockets.allSatisfy(FileManager.default.fileExists)
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

  private static func writeMemory(_ directory: LabDirectory, _ memory: RedisServer) throws {
    try memory.letEverybodyIn()
    try directory.makeDirectory("local.d")
    try directory.write("local.d/redis.conf", "servers = \"\(memory.socketPath)\";\n")
    try directory.write(
      "local.d/controller.conf",
      "worker \"controller\" { bind_socket = \"\(directory.path)/controller.sock mode=0666\"; }\n")
  }

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
      .include(try=true) "$LOCAL_CONFDIR/local.d/controller.conf"

      """)
  }
}
