// Front end one: our own engine. It listens, hands each connection to an event loop, and stops
// without losing a message. Every connection stays on its loop.

package import Logging
internal import MilterWire
internal import NIOCore
internal import NIOPosix
internal import Synchronization
package import UnixAddress

/// Something that MTAs connect to.
package protocol MilterFrontEnd: Sendable {
  /// The socket is bound and listening when it returns.
  func start() async throws
  /// Returns when all of its event loops have turned once: none is stuck.
  func turn() async
  /// Takes no connection from now on: who comes to a socket that others keep has its next server.
  func endListening() async
  /// No new connections; messages in hand are finished for that long; then the rest is closed.
  /// - Parameter isReplaced: another serves at its place: sessions may go on for that time, not
  ///   only messages.
  func stop(graceSeconds: Int, isReplaced: Bool) async
  /// What stops as one that is replaced is to end: sessions may go on no longer, and messages in
  /// hand for that time.
  func hurry(graceSeconds: Int)
}

package struct MilterServerConfiguration: Sendable {
  package enum Listener: Sendable {
    case address(SocketAddressText)
    /// Made before, by this process or another.
    case bound(BoundListener)
  }

  /// libmilter serves the first.
  package var listeners: [Listener]
  /// Of unix sockets that are made here; connecting needs write permission.
  package var socketMode: UInt32
  /// A name or a number; nil keeps the process's.
  package var socketGroup: String?
  package let limits: BridgeLimits
  /// What all sessions of all listeners take up.
  package let load: SessionLoad
  /// Asked once for each connection: a session keeps what it began with.
  package var policy: @Sendable () -> SessionPolicy
  package var logger: Logger
  /// Event loops; nil: one for each processor.
  package var threadCount: Int?
  /// Called when the front end has ended though nobody stopped it.
  package var hasFailed: @Sendable () -> Void = {}

  package init(
    listeners: [Listener], socketMode: UInt32 = 0o660, socketGroup: String? = nil,
    limits: BridgeLimits = BridgeLimits(), load: SessionLoad? = nil,
    policy: @escaping @Sendable () -> SessionPolicy, logger: Logger, threadCount: Int? = nil
  ) {
    self.listeners = listeners
    self.socketMode = socketMode
    self.socketGroup = socketGroup
    self.limits = limits
    self.load = load ?? SessionLoad(limits)
    self.policy = policy
    self.logger = logger
    self.threadCount = threadCount
  }
}

package final class MilterServer: MilterFrontEnd {
  private struct State {
    var listeners: [BoundListener] = []
    var channels: [any Channel] = []
    var group: MultiThreadedEventLoopGroup?
  }

  private let configuration: MilterServerConfiguration
  private let sessions = OpenSessions()
  private let reserve = DescriptorReserve()
  private let state = Mutex(State())
  private let time = EndingTime()

  /// A whole read of a busy MTA; libmilter's largest usual packet fits twice.
  private static let readBytes = 131_072

  package init(_ configuration: MilterServerConfiguration) { self.configuration = configuration }

  /// All of them listen when it returns, or none. Throws `ListenError`, or NIO's errors.
  package func start() async throws {
    let listeners = try bindAll()
    let threads = configuration.threadCount ?? System.coreCount
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    var channels: [any Channel] = []
    do {
      for listener in listeners {
        channels.append(try await listen(at: listener, bootstrap(group, isTCP: !listener.isUnix)))
      }
    } catch {
      for listener in listeners { listener.removeFile() }
      for listener in listeners.dropFirst(channels.count + 1) { listener.abandon() }
      try? await group.shutdownGracefully()
      throw error
    }
    state.withLock { $0 = State(listeners: listeners, channels: channels, group: group) }
  }

  private func bindAll() throws -> [BoundListener] {
    var bound: [BoundListener] = []
    do {
      for listener in configuration.listeners {
        switch listener {
        case .bound(let known): bound.append(known)
        case .address(let address):
          bound.append(
            try .open(address, mode: configuration.socketMode, group: configuration.socketGroup))
        }
      }
      return bound
    } catch {
      for listener in bound { listener.abandon() }
      throw error
    }
  }

  private func listen(
    at listener: BoundListener, _ bootstrap: ServerBootstrap
  ) async throws -> any Channel {
    let channel = try await bootstrap.withBoundSocket(listener.descriptor).get()
    // NIO listens with its default of 128 on a socket that it is given.
    try ListenSocket.listen(listener.descriptor)
    return channel
  }

  private func bootstrap(
    _ group: MultiThreadedEventLoopGroup, isTCP: Bool
  ) -> ServerBootstrap {
    let pools = LoopPools(group)
    let configuration = configuration
    let sessions = sessions
    let load = configuration.load
    let reserve = reserve
    let all = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: ListenSocket.backlog)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptGuard(reserve, log: configuration.logger))
        }
      }
      .childChannelOption(.recvAllocator, value: ReadBuffers(capacity: Self.readBytes))
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let admission = load.begin(isShort: reserve.isShort)
          sessions.add(channel) {
            load.end()
            reserve.refill()
          }
          let handler = MilterChannelHandler(
            policy: configuration.policy(), limits: configuration.limits,
            identity: sessions.nextIdentity(), log: configuration.logger,
            buffers: pools.pool(of: channel.eventLoop),
            load: load, admission: admission)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
    return isTCP ? all.childChannelOption(.socketOption(.tcp_nodelay), value: 1) : all
  }

  package func turn() async {
    guard let group = state.withLock({ $0.group }) else { return }
    await Self.turn(group)
  }

  private static func turn(_ group: MultiThreadedEventLoopGroup) async {
    for loop in group.makeIterator() { try? await loop.submit {}.get() }
  }

  package func stop(graceSeconds: Int, isReplaced: Bool = false) async {
    await endListening()
    let group = state.withLock { state in
      defer { state.group = nil }
      return state.group
    }
    guard let group else { return }
    let open = { self.sessions.count }
    await time.wait(graceSeconds: graceSeconds, isReplaced: isReplaced, sessions: open) {
      // Those without a message close, the others behind it.
      for channel in sessions.all {
        channel.pipeline.fireUserInboundEventTriggered(DrainEvent())
      }
    } messages: {
      open()
    }
    for channel in sessions.all { channel.close(promise: nil) }
    try? await group.shutdownGracefully()
  }

  /// NIO closes a connection that was accepted and is still on its way to its own loop and back
  /// when the listening channel closes. So first nobody is accepted any more, then each loop turns
  /// for either way, and then the channel closes; whoever waits at the socket has its next server.
  package func endListening() async {
    let last = state.withLock { state in
      defer { (state.listeners, state.channels) = ([], []) }
      return state
    }
    guard let group = last.group else { return }
    for listener in last.listeners { listener.removeFile() }
    for channel in last.channels { try? await channel.setOption(.autoRead, value: false).get() }
    for _ in 1...2 { await Self.turn(group) }
    for channel in last.channels { try? await channel.close().get() }
  }

  package func hurry(graceSeconds: Int) { time.hurry(graceSeconds: graceSeconds) }
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

/// The connections that are open, for stopping; and names for their log lines.
private final class OpenSessions: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let numbers = Atomic<UInt64>(0)
  /// Tells the sessions of one start of the daemon from those of another.
  private let prefix = String(UInt32.random(in: 0...UInt32.max), radix: 16)

  var count: Int { channels.withLock { $0.count } }
  var all: [any Channel] { channels.withLock { Array($0.values) } }

  func add(_ channel: any Channel, whenClosed: @escaping @Sendable () -> Void) {
    let key = ObjectIdentifier(channel)
    channels.withLock { $0[key] = channel }
    channel.closeFuture.whenComplete { _ in
      self.channels.withLock { _ = $0.removeValue(forKey: key) }
      whenClosed()
    }
  }

  func nextIdentity() -> String {
    let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(prefix)-\(String(number, radix: 16))"
  }
}
