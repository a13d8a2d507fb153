// What mail servers hear while no worker can be had: a connection is taken and every message is
// answered 451, since one that is refused, or that waits, may let mail pass unfiltered (sendmail's
// default) or holds its client up.
internal import Logging
internal import MilterBridge
internal import Synchronization

final class Refuser: Sendable {
  private let listeners: [OpenListener]
  private let servers = Mutex<[MilterServer]>([])

  init(_ listeners: [OpenListener]) { self.listeners = listeners.filter { $0.role == .milter } }

  /// Without effect while it runs.
  func start() async {
    guard servers.withLock({ $0.isEmpty }) else { return }
    Console.error("defangd: no worker can be had: all mail is answered 451")
    var limits = BridgeLimits()
    limits.sessionsMax = 0
    let sockets = listeners.compactMap { listener in
      WorkerDoor.duplicate(listener.socket.descriptor).map {
        MilterServerConfiguration.Listener.bound(.adopted($0, name: listener.name))
      }
    }
    let server = MilterServer(
      MilterServerConfiguration(
        listeners: sockets, limits: limits, policy: { .refusing },
        logger: Logger(label: "defangd"), threadCount: 1))
    do {
      try await server.start()
      servers.withLock { $0.append(server) }
    } catch {
      Console.error("defangd: \(error)")
    }
  }

  /// Leaves who comes now to others.
  func endListening() async {
    for server in servers.withLock({ $0 }) { await server.endListening() }
  }

  func stop() async {
    let running = servers.withLock { servers in
      defer { servers = [] }
      return servers
    }
    for server in running { await server.stop(graceSeconds: 1) }
  }
}
