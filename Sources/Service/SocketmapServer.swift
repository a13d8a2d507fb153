// The policy's tables for mail servers: sendmail's socket maps and Postfix's socketmap_table(5). A
// request is a netstring "NAME KEY"; the answer says OK with the value, NOTFOUND, TEMP, TIMEOUT or
// PERM. Whoever can connect can ask every table of the policy, no more. Requests on one connection
// are answered one after the other, as both mail servers send them.
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The bounds of the server.
struct SocketmapLimits: Sendable {
  /// A name and a key.
  var requestBytesMax = 8_192
  /// Postfix's `socketmap_max_reply_size`.
  var replyBytesMax = 100_000
  var connectionsMax = 500
  /// Mail servers keep their connections; one that is silent for so long is closed.
  var idleSeconds = 600
}

final class SocketmapServer: Sendable {
  /// What is said to a name and a key.
  typealias Answering = @Sendable (_ name: String, _ key: String) async -> SocketmapAnswer

  private struct State {
    var channel: (any Channel)?
    var listener: BoundListener?
  }

  private let limits: SocketmapLimits
  private let answering: Answering
  private let open = OpenConnections()
  private let state = Mutex(State())

  init(
    limits: SocketmapLimits = SocketmapLimits(), answering: @escaping Answering
  ) {
    self.limits = limits
    self.answering = answering
  }

  /// It listens when this returns.
  func start(at listener: BoundListener) async throws {
    let (limits, answering, open) = (limits, answering, open)
    let bootstrap = ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
      .serverChannelOption(.backlog, value: ListenSocket.backlog)
      .childChannelInitializer { channel in
        guard open.add(channel, max: limits.connectionsMax) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
          let idle = IdleStateHandler(allTimeout: .seconds(Int64(limits.idleSeconds)))
          try channel.pipeline.syncOperations.addHandlers(
            idle, SocketmapHandler(limits, answering))
        }
      }
    let channel = try await bootstrap.withBoundSocket(listener.descriptor).get()
    try ListenSocket.listen(listener.descriptor)
    state.withLock { $0 = State(channel: channel, listener: listener) }
  }

  func stop() async {
    let last = state.withLock { state in
      defer { state = State() }
      return state
    }
    last.listener?.removeFile()
    try? await last.channel?.close()
    open.closeAll()
  }
}

enum SocketmapAnswer: Equatable, Sendable {
  case found(String)
  case missing
  /// It may be known later.
  case later(String)
  case late(String)
  /// It will never be known.
  case never(String)

  func text(_ limits: SocketmapLimits) -> String {
    switch self {
    case .found(let value):
      let text = "OK " + value
      guard text.utf8.count <= limits.replyBytesMax else {
        return "PERM the value is longer than \(limits.replyBytesMax) bytes"
      }
      return text
    case .missing: return "NOTFOUND "
    case .later(let reason): return "TEMP " + reason
    case .late(let reason): return "TIMEOUT " + reason
    case .never(let reason): return "PERM " + reason
    }
  }
}

/// Those that are open, to be counted and closed.
private final class OpenConnections: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

  func add(_ channel: any Channel, max: Int) -> Bool {
    let key = ObjectIdentifier(channel)
    let isAdded = channels.withLock { channels in
      guard channels.count < max else { return false }
      channels[key] = channel
      return true
    }
    guard isAdded else { return false }
    channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0[key] = nil } }
    return true
  }

  func closeAll() {
    for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }
}
