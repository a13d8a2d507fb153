// A clamd with one signature of our own: the test file that every scanner knows, and no database
// from outside. Trusts Debian's package clamav-daemon.
import Foundation
import Synchronization

package final class ClamServer: Sendable {
  /// What clamd calls the test file: a name from a database that is not its maker's.
  package static let malwareName = "Defang.Test.Malware.UNOFFICIAL"
  /// StreamMaxLength.
  package static let streamBytesMax = 1_048_576

  package let socketPath: String
  package let port: UInt16

  private let directory: LabDirectory
  private let process = Mutex<ChildProcess?>(nil)

  /// Starts it and waits until it listens.
  package init() throws {
    directory = try LabDirectory()
    socketPath = directory.path + "/clamd.sock"
    port = try Posix.listenOnLoopback().port
    try directory.makeDirectory("database")
    let signature = MalwareSample.bytes.map { String(format: "%02x", $0) }.joined()
    try directory.write("database/own.ndb", "Defang.Test.Malware:0:*:\(signature)\n")
    let settings = """
      DatabaseDirectory \(directory.path)/database
      LocalSocket \(socketPath)
      TCPAddr 127.0.0.1
      TCPSocket \(port)
      Foreground yes
      StreamMaxLength \(Self.streamBytesMax)
      SelfCheck 0
      User root

      """
    try directory.write("clamd.conf", settings)
    try start()
  }

  /// Starts it again after `stop`, at the same addresses.
  package func start() throws {
    // One that was left behind would be taken for a sign of life.
    try? FileManager.default.removeItem(atPath: socketPath)
    let child = try ChildProcess(
      ["/usr/sbin/clamd", "--config-file=\(directory.path)/clamd.conf"],
      outputPath: directory.path + "/clamd.out")
    process.withLock { $0 = child }
    let (socketPath, port, process) = (socketPath, port, child)
    let isUp = Laboratory.waitUntil(timeoutSeconds: 20) {
      process.exitStatus() != nil
        || (FileManager.default.fileExists(atPath: socketPath) && ServerFamily.takes(port))
    }
    guard isUp, process.exitStatus() == nil else {
      throw LabError("clamd does not start: \(directory.text("clamd.out"))")
    }
  }

  deinit { stop() }

  package func stop() {
    process.withLock { process in
      process?.signal(SIGTERM)
      if process?.wait(timeoutSeconds: 5) == nil { process?.signal(SIGKILL) }
      process = nil
    }
  }
}

/// The harmless file by which virus scanners are tested. It is put together here, backwards, so
/// that no scanner finds it in this checkout.
package enum MalwareSample {
  package static let bytes: [UInt8] = Array(
    [
      "*H+H$!", "ELIF-TSET-SURIVITNA", "-DRADNATS-RACIE$", "}7)CC7)^P(45XZP\\4[PA@%P!O5X",
    ].joined().utf8.reversed())

  /// A message that holds it in an attachment.
  package static let message = [UInt8](
    """
    From: ann@example.org\r
    To: bob@example.net\r
    Subject: the file you asked for\r
    MIME-Version: 1.0\r
    Content-Type: application/octet-stream; name="file.com"\r
    Content-Transfer-Encoding: base64\r
    \r
    \(Data(bytes).base64EncodedString())\r

    """.utf8)
}
