// Front end two: libmilter. libmilter is one filter a process and stops once, so a process can
// start one of these. It takes SIGHUP, SIGTERM and SIGINT with a thread of its own and ends at
// each; a process that wants them must trap them itself. Its socket is one that others made, as
// with our own engine (`SocketSwap`): what it leaves in the queue the next one takes.

internal import Dispatch
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import UnixAddress

package final class LibMilterServer: MilterFrontEnd {
  private struct Serving {
    let listener: BoundListener
    /// The number that libmilter knows its socket by.
    let number: Int32
    /// A socket that nobody finds, for the end.
    let spare: Int32
    let place: [UInt8]
    var isDeaf = false
  }

  private let configuration: MilterServerConfiguration
  private let serving = Mutex<Serving?>(nil)
  private let time = EndingTime()

  package init(_ configuration: MilterServerConfiguration) { self.configuration = configuration }

  /// Throws `ListenError`.
  package func start() async throws {
    try LibMilter.register(configuration)
    let listener = try bind()
    do {
      let new = try listen(at: listener)
      serving.withLock { $0 = new }
    } catch {
      listener.abandon()
      throw error
    }
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let ended = threads.runIfActive(eventLoop: loop) { LibMilter.serve() }
    ended.whenComplete { [weak self] _ in
      threads.shutdownGracefully { _ in }
      self?.noteEnd()
    }
  }

  private func bind() throws(ListenError) -> BoundListener {
    switch configuration.listeners.first {
    case .bound(let known): return known
    case .address(let address):
      return try .open(address, mode: configuration.socketMode, group: configuration.socketGroup)
    case nil: throw .system(call: "libmilter without a listener", code: 0)
    }
  }

  private func listen(at listener: BoundListener) throws(ListenError) -> Serving {
    try ListenSocket.listen(listener.descriptor)
    SocketSwap.neverWait(listener.descriptor)
    let place = SocketSwap.place(of: listener.descriptor) ?? []
    let spare = try SocketSwap.unreachable()
    do throws(ListenError) {
      let number = try SocketSwap.inPrivateFolder { (folder) throws(ListenError) in
        try SocketSwap.listener(like: listener.descriptor, in: folder, LibMilter.openSocket)
      }
      try SocketSwap.put(listener.descriptor, at: number)
      ListenSocket.close(listener.descriptor)
      return Serving(listener: listener, number: number, spare: spare, place: place)
    } catch {
      ListenSocket.close(spare)
      throw error
    }
  }

  /// It gives up when it cannot take connections ten times in a row. Its number may be anybody's
  /// from now on.
  private func noteEnd() {
    guard let last = takeServing() else { return }
    if !last.isDeaf {
      last.listener.removeFile()
      ListenSocket.close(last.spare)
    }
    configuration.logger.error("libmilter has given up: another worker is started")
    configuration.hasFailed()
  }

  private func takeServing() -> Serving? {
    serving.withLock { serving in
      let last = serving
      serving = nil
      return last
    }
  }

  /// Each session has a thread, and none waits for another.
  package func turn() async {}

  package func endListening() async {
    let last = serving.withLock { serving in
      defer { serving?.isDeaf = true }
      return serving
    }
    guard let last, !last.isDeaf else { return }
    last.listener.removeFile()
    if SocketSwap.listens(last.number, place: last.place) {
      try? SocketSwap.put(last.spare, at: last.number)
    }
    ListenSocket.close(last.spare)
    // Whoever is just being let in shows by then.
    await Self.pause()
  }

  /// libmilter's own way to stop cuts messages off. So first nobody is accepted any more, what is
  /// in hand comes to its end, and then libmilter is told; nobody waits until it has heard.
  package func stop(graceSeconds: Int, isReplaced: Bool = false) async {
    let began = ContinuousClock.now
    await endListening()
    guard let last = takeServing() else { return }
    let isOver = await time.wait(
      graceSeconds: graceSeconds, since: began, isReplaced: isReplaced
    ) {
      SocketSwap.connections(at: last.place)
    } thenEnd: {
      LentSession.beginNoMore()
    } messages: {
      LentSession.messagesInHand
    }
    if !isOver { LentSession.cutMessagesOff() }
    // The last answer is written when its callback has returned, which nobody is told.
    if isOver, SocketSwap.connections(at: last.place) > 0 { await Self.pause() }
    DispatchQueue.global().async { LibMilter.stop() }
  }

  private static func pause() async { try? await Task.sleep(for: .milliseconds(200)) }

  package func hurry(graceSeconds: Int) { time.hurry(graceSeconds: graceSeconds) }
}
