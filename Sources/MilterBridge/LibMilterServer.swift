// Front end two: libmilter. libmilter is one filter a process and stops once, so a process can
// start one of these. It takes SIGHUP, SIGTERM and SIGINT with a thread of its own and ends at
// each; a process that wants them must trap them itself.

internal import NIOCore
internal import NIOPosix
internal import Synchronization

package final class LibMilterServer: MilterFrontEnd {
  private struct State {
    /// Completed with libmilter's result when its main loop ends.
    var ended: EventLoopFuture<Int32>?
    var socket: (path: String, identity: FileIdentity?)?
  }

  private let configuration: MilterServerConfiguration
  private let state = Mutex(State())

  package init(_ configuration: MilterServerConfiguration) { self.configuration = configuration }

  /// Throws `ListenError`.
  package func start() async throws {
    try LibMilter.register(configuration)
    let socket = try open()
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let ended = threads.runIfActive(eventLoop: loop) { LibMilter.serve() }
    ended.whenComplete { _ in threads.shutdownGracefully { _ in } }
    state.withLock { state in
      state.ended = ended
      state.socket = socket
    }
  }

  /// libmilter binds and listens in one step: under the tight mask nobody can connect in between.
  private func open() throws(ListenError) -> (path: String, identity: FileIdentity?)? {
    guard case .unix(let path) = configuration.address.place else {
      try LibMilter.openSocket(configuration.address)
      return nil
    }
    try ListenSocket.clear(path)
    try LibMilter.openSocket(configuration.address)
    try ListenSocket.publish(
      path, mode: configuration.socketMode, group: configuration.socketGroup)
    return (path, ListenSocket.identity(path))
  }

  /// libmilter gives sessions a few seconds of its own; it cannot be told otherwise.
  package func stop(graceSeconds: Int) async {
    let last = state.withLock { state in
      let last = state
      state = State()
      return last
    }
    guard let ended = last.ended else { return }
    LibMilter.stop()
    _ = try? await ended.get()
    if let socket = last.socket { ListenSocket.remove(socket.path, ifStill: socket.identity) }
  }
}
