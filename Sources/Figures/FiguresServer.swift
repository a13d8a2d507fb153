// The figures over HTTP/1, for Prometheus on the same machine: GET /metrics, nothing else. Requests
// are bounded in size and time, connections in number; who is slow is closed.
package import NIOCore
internal import NIOHTTP1
package import NIOPosix
internal import Synchronization

package final class FiguresServer: Sendable {
  package struct Limits: Sendable {
    package var connectionsMax = 16
    /// Of a request line with its header.
    package var headBytesMax = 8_192
    /// A connection that is silent for so long, in either direction, is closed.
    package var idleSeconds = 10
    /// Requests on one connection.
    package var requestsMax = 1_000

    package init() {}
  }

  private let book: FigureBook
  private let limits: Limits
  private let open = OpenCount()
  private let listener = Mutex<(any Channel)?>(nil)

  package init(_ book: FigureBook, limits: Limits = Limits()) {
    self.book = book
    self.limits = limits
  }

  /// It listens when this returns.
  /// - Parameter bind: binds the listening socket; throws what that throws.
  package func start(
    _ bind: (ServerBootstrap) async throws -> any Channel
  ) async throws {
    let (book, limits, open) = (book, limits, open)
    let bootstrap = ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
      .serverChannelOption(.backlog, value: 16)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        guard open.enter(max: limits.connectionsMax) else { return channel.close() }
        channel.closeFuture.whenComplete { _ in open.leave() }
        return channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            IdleStateHandler(allTimeout: .seconds(Int64(limits.idleSeconds))))
          try pipeline.addHandler(HeadBound(limits.headBytesMax))
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          try pipeline.addHandler(FiguresHandler(book, requestsMax: limits.requestsMax))
        }
      }
    let channel = try await bind(bootstrap)
    listener.withLock { $0 = channel }
  }

  /// Where it listens, for TCP.
  package var port: Int? { listener.withLock { $0?.localAddress?.port } }

  package func stop() async {
    let channel = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    try? await channel?.close()
  }
}

private final class OpenCount: Sendable {
  private let count = Atomic<Int>(0)

  func enter(max: Int) -> Bool {
    if count.wrappingAdd(1, ordering: .relaxed).newValue <= max { return true }
    leave()
    return false
  }

  func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// Closes a connection that sends more than a request of ours has before it is answered.
private final class HeadBound: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let bytesMax: Int
  private var bytes = 0

  init(_ bytesMax: Int) { self.bytesMax = bytesMax }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += unwrapInboundIn(data).readableBytes
    guard bytes <= bytesMax else { return context.close(promise: nil) }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    bytes = 0
    context.write(data, promise: promise)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// One connection: each whole request is answered once.
private final class FiguresHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let book: FigureBook
  private let requestsMax: Int
  private var requests = 0
  private var head: HTTPRequestHead?

  init(_ book: FigureBook, requestsMax: Int) {
    self.book = book
    self.requestsMax = requestsMax
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      requests += 1
      answer(head, context)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let path = head.uri.prefix { $0 != "?" }
    guard path == "/metrics" else {
      return send(.notFound, "There is /metrics here, nothing else.\n", head, context)
    }
    guard head.method == .GET || head.method == .HEAD else {
      return send(.methodNotAllowed, "GET is what is understood.\n", head, context)
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let book = book
    // Collectors may look into files.
    NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: context.eventLoop) { book.text() }
      .whenComplete { result in
        let (handler, context) = bound.value
        switch result {
        case .success(let text): handler.send(.ok, text, head, context)
        case .failure: context.close(promise: nil)
        }
      }
  }

  private func send(
    _ status: HTTPResponseStatus, _ text: String, _ head: HTTPRequestHead,
    _ context: ChannelHandlerContext
  ) {
    let isLast = !head.isKeepAlive || requests >= requestsMax
    var headers = HTTPHeaders()
    let isFound = status == .ok
    headers.add(name: "Content-Type", value: isFound ? FigureBook.contentType : "text/plain")
    headers.add(name: "Content-Length", value: String(text.utf8.count))
    if status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
    if isLast { headers.add(name: "Connection", value: "close") }
    let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }
    let done = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    if isLast { done.futureResult.whenComplete { _ in bound.value.close(promise: nil) } }
  }
}
