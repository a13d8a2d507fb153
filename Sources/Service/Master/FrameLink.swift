// One end of the pair of sockets between master and worker.
internal import NIOCore
internal import NIOPosix

final class FrameLink: Sendable {
  private let channel: any Channel

  private init(_ channel: any Channel) { self.channel = channel }

  /// - Parameters:
  ///   - descriptor: belongs to the link from now on.
  ///   - received: called for each frame, in order, on the link's event loop.
  ///   - closed: called once, when nothing more will come.
  static func open(
    _ descriptor: Int32, on group: any EventLoopGroup,
    received: @escaping @Sendable (LinkFrame) -> Void, closed: @escaping @Sendable () -> Void
  ) async throws -> FrameLink {
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FrameHandler(received, closed))
        }
      }
      .withConnectedSocket(descriptor).get()
    return FrameLink(channel)
  }

  /// Frames to an end that is gone are lost, as whoever sent them is told by `closed`.
  func send(_ frame: LinkFrame) {
    var buffer = channel.allocator.buffer(capacity: 64)
    frame.write(to: &buffer)
    channel.writeAndFlush(buffer, promise: nil)
  }

  func close() { channel.close(promise: nil) }
}

private final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let received: @Sendable (LinkFrame) -> Void
  private let closed: @Sendable () -> Void
  private var input = ByteBuffer()

  init(
    _ received: @escaping @Sendable (LinkFrame) -> Void, _ closed: @escaping @Sendable () -> Void
  ) {
    self.received = received
    self.closed = closed
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    input.writeBuffer(&bytes)
    do throws(LinkFrame.Problem) {
      while let frame = try LinkFrame.take(from: &input) { received(frame) }
    } catch {
      context.close(promise: nil)
    }
    // An image came through it.
    if input.readableBytes == 0 { input = ByteBuffer() } else { input.discardReadBytes() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    closed()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
