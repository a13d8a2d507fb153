// A Redis on a unix socket that keeps nothing. Trusts Debian's package redis-server.
import Foundation
import Synchronization

package final class RedisServer: Sendable {
  package let socketPath: String

  private let directory: LabDirectory
  private let password: String?
  private let process: Mutex<ChildProcess?>

  /// Starts it and waits until it listens.
  package init(password: String? = nil) throws {
    directory = try LabDirectory()
    self.password = password
    socketPath = directory.path + "/redis.sock"
    process = Mutex(nil)
    try start()
  }

  deinit { stop() }

  /// For servers that run as somebody else.
  package func letEverybodyIn() throws { try Posix.setMode(directory.path, 0o711) }

  package func start() throws {
    let arguments = [
      "/usr/bin/redis-server", "--port", "0", "--unixsocket", socketPath, "--unixsocketperm", "777",
      "--save", "",
      "--dir", directory.path,
    ]
    let secret = password.map { ["--requirepass", $0] } ?? []
    // A former one that was killed leaves its socket behind.
    try? FileManager.default.removeItem(atPath: socketPath)
    let child = try ChildProcess(arguments + secret, outputPath: directory.path + "/redis.out")
    process.withLock { $0 = child }
    let isUp = Laboratory.waitUntil(timeoutSeconds: 20) {
      child.exitStatus() != nil || FileManager.default.fileExists(atPath: socketPath)
    }
    guard isUp, child.exitStatus() == nil else {
      throw LabError("redis-server does not start: \(directory.text("redis.out"))")
    }
  }

  package func stop() {
    let child = process.withLock { $0 }
    child?.signal(SIGKILL)
    _ = child?.wait(timeoutSeconds: 10)
  }

  /// One command of redis-cli, with what it answers.
  @discardableResult
  package func run(_ words: String...) throws -> String {
    let secret = password.map { ["-a", $0, "--no-auth-warning"] } ?? []
    let run = try ToolRun(["redis-cli", "-s", socketPath] + secret + words)
    guard run.status == .code(0) else { throw LabError("redis-cli \(words): \(run.output)") }
    var answer = run.output
    while answer.last?.isNewline == true { answer.removeLast() }
    return answer
  }
}
