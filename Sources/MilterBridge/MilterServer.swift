// Front end one: our own engine. It listens, hands each connection to an event loop, and stops
// without losing a message. Every connection stays on its loop.

package import Logging
internal import MilterWire
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Something that MTAs connect to.
package protocol MilterFrontEnd: Sendable {
  /// The socket is bound and listening when it returns.
  func start() async throws
  /// No new connections; messages in hand are finished for that long; then the rest is closed.
  func stop(graceSeconds: Int) async
}

package struct MilterServerConfiguration: Sendable {
  package var address: SocketAddressText
  /// Of a unix socket; connecting needs write permission.
  package var socketMode: UInt32
  /// A name or a number; nil keeps the process's.
  package var socketGroup: String?
  package var limits: BridgeLimits
  /// Asked once for each connection: a session keeps what it began with.
  package var policy: @Sendable () -> SessionPolicy
  package var logger: Logger
  /// Event loops; nil: one for each processor.
  package var threadCount: Int?

  package init(
    address: SocketAddressText, socketMode: UInt32 = 0o660, socketGroup: String? = nil,
    limits: BridgeLimits = BridgeLimits(), policy: @escaping @Sendable () -> SessionPolicy,
    logger: Logger, threadCount: Int? = nil
  ) {
    self.address = address
    self.socketMode = socketMode
    self.socketGroup = socketGroup
    self.limits = limits
    self.policy = policy
    self.logger = logger
    self.threadCount = threadCount
  }
}

package final class MilterServer: MilterFrontEnd {
  private struct State {
    var listener: (any Channel)?
    var group: MultiThreadedEventLoopGroup?
    var socket: (path: String, identity: FileIdentity?)?
  }

  private let configuration: MilterServerConfiguration
  private let sessions: OpenSessions
  private let state = Mutex(State())

  /// A whole read of a busy MTA; libmilter's largest usual packet fits twice.
  private static let readBytes = 131_072

  package init(_ configuration: MilterServerConfiguration) {
    self.configuration = configuration
    sessions = OpenSessions(max: configuration.limits.sessionsMax)
  }

  /// Throws `ListenError`, or NIO's errors for TCP.
  package func start() async throws {
    let threads = configuration.threadCount ?? System.coreCount
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    do {
      let listener = try await listen(bootstrap(group))
      state.withLock { state in
        state.listener = listener
        state.group = group
        if case .unix(let path) = configuration.address.place {
          state.socket = (path, ListenSocket.identity(path))
        }
      }
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    let pools = LoopPools(group)
    let configuration = configuration
    let sessions = sessions
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: ListenSocket.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.recvAllocator, value: ReadBuffers(capacity: Self.readBytes))
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let isOver = sessions.add(channel)
          let handler = MilterChannelHandler(
            policy: configuration.policy(), limits: configuration.limits,
            identity: sessions.nextIdentity(), log: configuration.logger,
            buffers: pools.pool(of: channel.eventLoop),
            refusal: isOver ? Self.overloadReply : nil)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
  }

  /// RFC 3463 X.3.2: the system does not accept messages now.
  private static let overloadReply = SMTPReply.refusal(
    permanent: false, code: "451", enhanced: "4.3.2", text: "Too busy, please try again later")

  private func listen(_ bootstrap: ServerBootstrap) async throws -> any Channel {
    switch configuration.address.place {
    case .unix(let path):
      let descriptor = try ListenSocket.bindUnix(
        path: path, mode: configuration.socketMode, group: configuration.socketGroup)
      let listener = try await bootstrap.withBoundSocket(descriptor).get()
      // NIO listens with its default of 128 on a socket that it is given.
      try ListenSocket.listen(descriptor)
      return listener
    case .inet(let host, let port):
      return try await bind(bootstrap, host == "localhost" ? "127.0.0.1" : host, port)
    case .inet6(let host, let port):
      return try await bind(bootstrap, host == "localhost" ? "::1" : host, port)
    }
  }

  private func bind(
    _ bootstrap: ServerBootstrap, _ host: String, _ port: Int
  ) async throws -> any Channel {
    try await bootstrap
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .bind(host: host, port: port).get()
  }

  package func stop(graceSeconds: Int) async {
    let last = state.withLock { state in
      let last = state
      state = State()
      return last
    }
    guard let group = last.group else { return }
    if let socket = last.socket { ListenSocket.remove(socket.path, ifStill: socket.identity) }
    try? await last.listener?.close().get()
    for channel in sessions.all { channel.pipeline.fireUserInboundEventTriggered(DrainEvent()) }
    var waitedMilliseconds = 0
    while sessions.count > 0 && waitedMilliseconds < graceSeconds * 1_000 {
      try? await Task.sleep(for: .milliseconds(50))
      waitedMilliseconds += 50
    }
    for channel in sessions.all { channel.close(promise: nil) }
    try? await group.shutdownGracefully()
  }
}

/// A new buffer for each read, which malloc has in some hundred nanoseconds. With NIO's own
/// allocators every connection, also an idle one, would keep its last buffer of 128 KiB. NIO keeps
/// the first one whatever is said, so that is small; and it must be told to read once at a time and
/// that buffers may grow, or it uses that one again.
private struct ReadBuffers: RecvByteBufferAllocator {
  let capacity: Int
  private var isFirst = true

  init(capacity: Int) { self.capacity = capacity }

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
    allocator.buffer(capacity: isFirst ? 512 : capacity)
  }

  mutating func record(actualReadBytes: Int) -> Bool {
    isFirst = false
    return true
  }
}

/// A buffer pool for each event loop; the dictionary never changes, and each pool is used on its
/// loop alone.
private struct LoopPools: Sendable {
  private let pools: [ObjectIdentifier: NIOLoopBoundBox<BufferPool>]

  init(_ group: MultiThreadedEventLoopGroup) {
    var pools: [ObjectIdentifier: NIOLoopBoundBox<BufferPool>] = [:]
    for loop in group.makeIterator() {
      pools[ObjectIdentifier(loop)] = .makeBoxSendingValue(BufferPool(), eventLoop: loop)
    }
    self.pools = pools
  }

  func pool(of loop: any EventLoop) -> BufferPool {
    pools[ObjectIdentifier(loop)]?.value ?? BufferPool()
  }
}

/// The connections that are open, for the limit and for stopping; and names for their log lines.
private final class OpenSessions: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let numbers = Atomic<UInt64>(0)
  private let max: Int
  /// Tells the sessions of one start of the daemon from those of another.
  private let prefix = String(UInt32.random(in: 0...UInt32.max), radix: 16)

  init(max: Int) { self.max = max }

  var count: Int { channels.withLock { $0.count } }
  var all: [any Channel] { channels.withLock { Array($0.values) } }

  /// True when there are more now than may be.
  func add(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let count = channels.withLock { channels in
      channels[key] = channel
      return channels.count
    }
    channel.closeFuture.whenComplete { _ in
      self.channels.withLock { _ = $0.removeValue(forKey: key) }
    }
    return count > max
  }

  func nextIdentity() -> String {
    let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(prefix)-\(String(number, radix: 16))"
  }
}
