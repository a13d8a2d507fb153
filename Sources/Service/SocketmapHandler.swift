// One connection of a mail server that asks our tables. All state lives on its event loop; what is
// no request ends the connection, since nothing behind it could be understood.
internal import LiveChecks
internal import NIOCore

final class SocketmapHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limits: SocketmapLimits
  private let answering: SocketmapServer.Answering
  private var buffer = ByteBuffer()
  private var isAnswering = false

  init(_ limits: SocketmapLimits, _ answering: @escaping SocketmapServer.Answering) {
    self.limits = limits
    self.answering = answering
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var more = unwrapInboundIn(data)
    buffer.writeBuffer(&more)
    answerNext(context)
    // Whoever asks without listening is not a mail server.
    if buffer.readableBytes > limits.requestBytesMax + Self.lengthBytesMax {
      context.close(promise: nil)
    }
  }

  private func answerNext(_ context: ChannelHandlerContext) {
    guard !isAnswering, context.channel.isActive else { return }
    do throws(Netstring.Mistake) {
      let request = try Netstring.take(from: &buffer, bytesMax: limits.requestBytesMax)
      guard let request else { return }
      isAnswering = true
      answer(request, context)
    } catch {
      context.close(promise: nil)
    }
  }

  private func answer(_ request: [UInt8], _ context: ChannelHandlerContext) {
    let name = request.prefix { $0 != UInt8(ascii: " ") }
    let key = request.dropFirst(name.count + 1)
    let (answering, limits) = (answering, limits)
    let reply = context.eventLoop.makeFutureWithTask {
      await answering(
        String(decoding: name, as: UTF8.self), String(decoding: key, as: UTF8.self))
    }
    reply.assumeIsolated().whenSuccess { answer in
      let bytes = Netstring.bytes(Array(answer.text(limits).utf8))
      context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      self.isAnswering = false
      self.answerNext(context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent, !isAnswering { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// A netstring's digits, colon and comma.
  private static let lengthBytesMax = 11
}
