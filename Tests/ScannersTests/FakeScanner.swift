// A server in this process that answers as a test tells it to, faults included.
import Foundation
import NIOCore
import NIOPosix
import Synchronization

enum FakeAct: Sendable {
  /// Once this many bytes have come, says that and closes.
  case say([UInt8], afterBytes: Int = 1)
  /// Says that at once and leaves what comes unread: whoever still writes meets a closed
  /// connection.
  case sayEarly([UInt8])
  /// Says that and neither closes nor says more.
  case sayAndHold([UInt8])
  /// Takes the connection and never answers.
  case silence
  case close
  /// The same again and again.
  case flood([UInt8])
}

final class FakeScanner: Sendable {
  struct State: Sendable {
    var act: FakeAct
    var received: [[UInt8]] = []
    var unanswered = 0
    var unansweredMost = 0
  }

  final class Shared: Sendable {
    let state: Mutex<State>
    init(_ act: FakeAct) { state = Mutex(State(act: act)) }
  }

  let host: String
  private let shared: Shared
  private let channel: any Channel
  private let folder: String

  init(_ act: FakeAct) async throws {
    let shared = Shared(act)
    self.shared = shared
    folder = "/tmp/defang-scan." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    host = "unix:\(folder)/s"
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: Self.isReading(act))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FakeHandler(shared))
        }
      }
      .bind(unixDomainSocketPath: folder + "/s").get()
  }

  /// At the end of each test: nothing else keeps a server that is not looked at any more.
  func stop() {
    channel.close(promise: nil)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func isReading(_ act: FakeAct) -> Bool {
    if case .sayEarly = act { false } else { true }
  }

  /// What each connection sent.
  var received: [[UInt8]] { shared.state.withLock { $0.received } }
  /// Connections at once that had not got their answer: whoever asks cannot count them otherwise
  /// than this server does.
  var unansweredMost: Int { shared.state.withLock { $0.unansweredMost } }
  func set(_ act: FakeAct) { shared.state.withLock { $0.act = act } }
}

private final class FakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shared: FakeScanner.Shared
  private let act: FakeAct
  private let number: Int
  private var bytesLeft = 1
  private var isWaited = true

  init(_ shared: FakeScanner.Shared) {
    self.shared = shared
    (act, number) = shared.state.withLock { state in
      state.received.append([])
      state.unanswered += 1
      state.unansweredMost = max(state.unansweredMost, state.unanswered)
      return (state.act, state.received.count - 1)
    }
    if case .say(_, let count) = act { bytesLeft = count }
  }

  func channelActive(context: ChannelHandlerContext) {
    switch act {
    case .close: endOutput(context)
    case .sayEarly(let bytes):
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
      // The other side has filled the socket's buffer by then, and is about to write on.
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(20)) {
        bound.value.close(promise: nil)
      }
    case .flood: flood(context)
    case .say, .sayAndHold, .silence: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    shared.state.withLock { $0.received[number] += bytes }
    guard bytesLeft > 0 else { return }
    bytesLeft -= bytes.count
    guard bytesLeft <= 0 else { return }
    switch act {
    case .say(let answer, _):
      settle()
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: answer)), promise: nil)
      endOutput(context)
    case .sayAndHold(let answer):
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: answer)), promise: nil)
    default: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) { settle() }

  /// The connection has its answer, or will never have one.
  private func settle() {
    guard isWaited else { return }
    isWaited = false
    shared.state.withLock { $0.unanswered -= 1 }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Shut down, not just closed: a child process that another test starts at this moment may hold
  /// the socket too.
  private func endOutput(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
  }

  private func flood(_ context: ChannelHandlerContext) {
    guard context.channel.isActive, case .flood(let bytes) = act else { return }
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(1)) {
      bound.value.0.flood(bound.value.1)
    }
  }
}
