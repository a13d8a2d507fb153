// Front end two: libmilter. libmilter is one filter a process and stops once, so a process can
// start one of these. It takes SIGHUP, SIGTERM and SIGINT with a thread of its own and ends at
// each; a process that wants them must trap them itself.

internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import UnixAddress

package final class LibMilterServer: MilterFrontEnd {
  private struct State {
    var isOpen = false
    /// Completed with libmilter's result when its main loop ends.
    var ended: EventLoopFuture<Int32>?
    var socket: (path: String, identity: FileIdentity?)?
  }

  private let configuration: MilterServerConfiguration
  private let state = Mutex(State())

  package init(_ configuration: MilterServerConfiguration) { self.configuration = configuration }

  /// Throws `ListenError`.
  package func start() async throws {
    try open()
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let ended = threads.runIfActive(eventLoop: loop) { LibMilter.serve() }
    state.withLock { $0.ended = ended }
    ended.whenComplete { [weak self] _ in
      threads.shutdownGracefully { _ in }
      self?.noteEnd()
    }
  }

  /// Its socket is made: what follows may be done by a user who could not make it. `start` does it
  /// when it was not done before. Throws `ListenError`.
  package func open() throws {
    guard !state.withLock({ $0.isOpen }),
      case .address(let address)? = configuration.listeners.first
    else { return }
    try LibMilter.register(configuration)
    let socket = try open(address)
    state.withLock { state in
      state.isOpen = true
      state.socket = socket
    }
  }

  /// libmilter binds and listens in one step: under the tight mask nobody can connect in between.
  private func open(
    _ address: SocketAddressText
  ) throws(ListenError) -> (path: String, identity: FileIdentity?)? {
    guard case .unix(let path) = address.place else {
      try LibMilter.openSocket(address)
      return nil
    }
    try ListenSocket.clear(path)
    try LibMilter.openSocket(address)
    try ListenSocket.publish(
      path, mode: configuration.socketMode, group: configuration.socketGroup)
    return (path, ListenSocket.identity(path))
  }

  /// It gives up when it cannot take connections ten times in a row (no descriptor is left).
  private func noteEnd() {
    guard state.withLock({ $0.ended != nil }) else { return }
    configuration.logger.error("libmilter has given up: another worker is started")
    configuration.hasFailed()
  }

  /// Each session has a thread, and none waits for another.
  package func turn() async {}

  /// libmilter gives sessions a few seconds of its own; it cannot be told otherwise.
  package func stop(graceSeconds: Int, isReplaced: Bool = false) async {
    let last = state.withLock { state in
      let last = state
      state = State()
      return last
    }
    if let ended = last.ended {
      LibMilter.stop()
      _ = try? await ended.get()
    }
    if let socket = last.socket { ListenSocket.remove(socket.path, ifStill: socket.identity) }
  }
}
