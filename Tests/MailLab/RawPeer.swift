// Somebody at the daemon's unix socket who says whatever bytes a test likes: the mail servers of
// the laboratory keep to the protocol, others need not.

package final class RawPeer: Sendable {
  private let socket: Descriptor

  package init(unix path: String) throws { socket = try Posix.connectToSocket(at: path) }

  package func send(_ bytes: [UInt8]) throws { try Posix.send(socket, bytes) }

  /// The same by one who takes the answers meanwhile, as an engine that writes before it reads on
  /// needs it; they are gone. False when nobody has read anything for a while.
  package func sendAndHear(_ bytes: [UInt8]) throws -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      var sent = 0
      let isHeard = try Laboratory.waitUntil(timeoutSeconds: 30) {
        while let came = try read(timeoutSeconds: 0), !came.isEmpty {}
        sent = try Posix.sendSome(socket, rest)
        return sent > 0
      }
      guard isHeard else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// What has come, at most `count` bytes; none at the end of the stream; nil when nothing came in
  /// time.
  package func read(count: Int = 65_536, timeoutSeconds: Double = 30) throws -> [UInt8]? {
    guard Posix.waitReadable(socket, milliseconds: Int(timeoutSeconds * 1000)) else { return nil }
    return try Posix.read(socket, count: count)
  }
}

/// Connections that say nothing, as of mail servers whose clients are idle.
package final class IdlePeers {
  private let path: String
  private var peers: [RawPeer] = []

  package init(unix path: String) { self.path = path }

  package var count: Int { peers.count }

  package func add() throws { peers.append(try RawPeer(unix: path)) }

  package func closeAll() { peers = [] }
}
