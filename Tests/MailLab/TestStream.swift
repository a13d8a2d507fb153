// A connection to a server of a test, which says what it is told, however wrong.

package final class TestStream {
  private let socket: Descriptor

  package init(port: UInt16) throws {
    socket = try Posix.connectToLoopback(port: port, from: "127.0.0.1")
  }

  /// To a unix socket.
  package init(path: String) throws { socket = try Posix.connectToSocket(at: path) }

  package func send(_ text: String) throws { try Posix.send(socket, Array(text.utf8)) }

  /// What comes next; empty at the end, nil when nothing comes or the connection was cut.
  package func read() -> [UInt8]? {
    guard Posix.waitReadable(socket, milliseconds: 30_000) else { return nil }
    return try? Posix.read(socket, count: 65_536)
  }

  /// Whether the other end closes or cuts the connection, whatever it says before.
  package func isEnded() -> Bool {
    while Posix.waitReadable(socket, milliseconds: 30_000) {
      guard let bytes = try? Posix.read(socket, count: 65_536), !bytes.isEmpty else { return true }
    }
    return false
  }
}
