// The tests' door to files (Glibc): a private folder for sockets, gone with the test.

import Glibc
import Testing

final class SocketFolder: Sendable {
  let path: String

  init(mode: UInt32 = 0o700) throws {
    let number = UInt64.random(in: 0...UInt64.max)
    path = "/tmp/milter-tests-\(String(number, radix: 16))"
    let isMade = unsafe mkdir(path, 0o700) == 0 && chmod(path, mode) == 0
    try #require(isMade)
  }

  deinit {
    _ = unsafe unlink(socket)
    _ = unsafe rmdir(path)
  }

  var socket: String { "\(path)/s" }
  var ownGroup: String { "\(getgid())" }

  var modeOfSocket: UInt32? {
    var information = stat()
    let isThere = unsafe lstat(socket, &information) == 0
    return isThere ? information.st_mode & 0o7777 : nil
  }

  /// Puts a plain file where the socket belongs.
  func makeFile() throws {
    let descriptor = unsafe creat(socket, 0o600)
    try #require(descriptor >= 0)
    Self.close(descriptor)
  }

  func makeLink(to name: String) throws {
    let result = unsafe symlink("\(path)/\(name)", socket)
    try #require(result == 0)
  }

  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}
