// A PostgreSQL in a folder of its own, on a unix socket there, for user postgres without a
// password. Trusts Debian's package postgresql.
import Foundation
import Synchronization

package final class PostgresServer: Sendable {
  /// Where its socket lies: libpq's `host`.
  package let folder: String

  private let directory: LabDirectory
  private let process: Mutex<ChildProcess?>

  /// Makes a database and waits until it answers.
  package init() throws {
    directory = try LabDirectory()
    try Posix.setMode(directory.path, 0o777)
    folder = directory.path
    process = Mutex(nil)
    let made = try ChildProcess.run(
      Self.asPostgres(["initdb", "-D", folder + "/data", "-A", "trust", "--no-sync"]),
      outputPath: folder + "/initdb.out", timeoutSeconds: 120)
    guard made == .code(0) else { throw LabError("initdb: \(directory.text("initdb.out"))") }
    try start()
  }

  deinit { stop() }

  private static func asPostgres(_ words: [String]) -> [String] {
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
      + ["/usr/lib/postgresql/15/bin/" + words[0]] + words.dropFirst()
  }

  package func start() throws {
    // A former one that was killed leaves its mark behind.
    try? FileManager.default.removeItem(atPath: folder + "/data/postmaster.pid")
    let arguments = Self.asPostgres([
      "postgres", "-D", folder + "/data", "-c", "listen_addresses=", "-c", "fsync=off",
      "-c", "unix_socket_directories=\(folder)",
    ])
    let child = try ChildProcess(
      ServerFamily.command(arguments), outputPath: folder + "/postgres.out")
    process.withLock { $0 = child }
    let isUp = Laboratory.waitUntil(timeoutSeconds: 60) {
      child.exitStatus() != nil || (try? sql("select 1")) != nil
    }
    guard isUp, child.exitStatus() == nil else {
      throw LabError("postgres does not start: \(directory.text("postgres.out"))")
    }
  }

  package func stop() {
    let child = process.withLock { $0 }
    child?.signal(SIGKILL)
    _ = child?.wait(timeoutSeconds: 10)
  }

  @discardableResult
  package func sql(_ text: String) throws -> String {
    let run = try ToolRun([
      "psql", "-q", "-t", "-A", "-h", folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-c",
      text,
    ])
    guard run.status == .code(0) else { throw LabError("psql: \(run.output)") }
    return run.output
  }
}
