// The socket of defangctl: requests in, answers out, one at a time on a connection. Who may connect
// is said by the socket's mode; only root and the daemon's own user may change anything. What is
// longer or slower than any of ours ends its connection.
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import Synchronization

struct ControlLimits: Sendable {
  var requestBytesMax = 65_536
  var connectionsMax = 32
  /// Between requests, and for a request to become whole.
  var idleSeconds = 60
}

final class ControlServer: Sendable {
  typealias Answering = @Sendable (ControlRequest, ControlPeer) async -> ControlAnswer

  private let listener: OpenListener
  private let limits: ControlLimits
  private let answering: Answering
  private let hub: EventHub
  private let open = Atomic(0)
  private let channel = Mutex<(any Channel)?>(nil)

  init(
    _ listener: OpenListener, limits: ControlLimits = ControlLimits(), hub: EventHub = EventHub(),
    answering: @escaping Answering
  ) {
    self.listener = listener
    self.limits = limits
    self.hub = hub
    self.answering = answering
  }

  /// Nil when none of them is the control socket.
  convenience init?(
    at listeners: [OpenListener], hub: EventHub, answering: @escaping Answering
  ) {
    guard let listener = listeners.first(where: { $0.role == .control }) else { return nil }
    self.init(listener, hub: hub, answering: answering)
  }

  func start() async throws {
    let started = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
      .childChannelOption(.writeBufferWaterMark, value: EventHub.waterMark)
      .childChannelInitializer { channel in self.greet(channel) }
      .withBoundSocket(listener.socket.descriptor).get()
    channel.withLock { $0 = started }
  }

  func stop() async { try? await channel.withLock { $0 }?.close() }

  private func greet(_ channel: any Channel) -> EventLoopFuture<Void> {
    guard open.add(1, ordering: .relaxed).newValue <= limits.connectionsMax else {
      open.subtract(1, ordering: .relaxed)
      return channel.close()
    }
    channel.closeFuture.whenComplete { _ in self.open.subtract(1, ordering: .relaxed) }
    let (limits, answering, hub) = (limits, answering, hub)
    return channel.eventLoop.makeCompletedFuture {
      let idle = IdleStateHandler(readTimeout: .seconds(Int64(limits.idleSeconds)))
      try channel.pipeline.syncOperations.addHandlers(
        idle, ControlHandler(limits.requestBytesMax, hub, answering))
    }
  }
}

private final class ControlHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let requestBytesMax: Int
  private let answering: ControlServer.Answering
  private let hub: EventHub
  private var input = ByteBuffer()
  private var isAnswering = false
  /// Of the connection, while it is open.
  private var context: ChannelHandlerContext?

  init(_ requestBytesMax: Int, _ hub: EventHub, _ answering: @escaping ControlServer.Answering) {
    self.requestBytesMax = requestBytesMax
    self.hub = hub
    self.answering = answering
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    input.writeBuffer(&bytes)
    next(context)
  }

  private func next(_ context: ChannelHandlerContext) {
    guard !isAnswering else { return tooLong() ? context.close(promise: nil) : () }
    guard let length = input.readableBytesView.firstIndex(of: 10) else {
      return tooLong() ? context.close(promise: nil) : ()
    }
    let line = input.readBytes(length: length - input.readableBytesView.startIndex) ?? []
    input.moveReaderIndex(forwardBy: 1)
    input.discardReadBytes()
    isAnswering = true
    self.context = context
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    Self.answer(line, context.channel, answering) { handler.value.send($0) }
  }

  private func send(_ answer: ControlAnswer) {
    guard let context else { return }
    var answer = answer
    // What follows is written by the hub; requests are not heard any more.
    if case .events = answer, !hub.add(context.channel) {
      answer = .refused(code: 75, "\(EventHub.readersMax) already read events")
    }
    context.writeAndFlush(NIOAny(ByteBuffer(string: answer.line + "\n")), promise: nil)
    if case .events = answer { return }
    isAnswering = false
    next(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    context.fireChannelInactive()
  }

  private func tooLong() -> Bool { input.readableBytes > requestBytesMax }

  /// Answers by another task; `send` is called on the connection's event loop.
  private static func answer(
    _ line: [UInt8], _ channel: any Channel, _ answering: @escaping ControlServer.Answering,
    _ send: @escaping @Sendable (ControlAnswer) -> Void
  ) {
    Task {
      var answer = ControlAnswer.refused(
        code: 64, "a request is an object of JSON with a command, all of it texts")
      if let request = try? ControlRequest(line: line) {
        let user = await ControlDoor.user(behind: channel)
        answer = await answering(request, ControlPeer(user: user))
      }
      let last = answer
      channel.eventLoop.execute { send(last) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent, !isAnswering { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
