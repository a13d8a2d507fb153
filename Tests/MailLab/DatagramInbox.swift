// A unix datagram socket and a thread that keeps what comes: the servers' syslog lines, and the
// daemon's readiness notes.
import Foundation
import Synchronization

package final class DatagramInbox: Sendable {
  private let received: Mutex<[String]>
  private let stopped: Atomic<Bool>
  package let path: String

  package init(at path: String) throws {
    self.path = path
    received = Mutex([])
    stopped = Atomic(false)
    let socket = try Posix.datagramSocket(at: path)
    Thread.detachNewThread { [weak self] in
      while true {
        let ready = Posix.waitReadable(socket, milliseconds: 100)
        // Holding self over the wait would keep it alive for ever.
        guard let self, !self.stopped.load(ordering: .relaxed) else { return }
        guard ready, let bytes = try? Posix.read(socket, count: 65_536) else { continue }
        let text = String(decoding: bytes, as: UTF8.self)
        self.received.withLock { $0.append(text) }
      }
    }
  }

  package func stop() { stopped.store(true, ordering: .relaxed) }

  package var all: [String] { received.withLock { $0 } }

  package func clear() { received.withLock { $0 = [] } }
}
