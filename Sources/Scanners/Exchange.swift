// One connection, one request, one answer. All state lives on the connection's event loop; whoever
// waits holds no thread. The connection is closed whatever comes of it.
internal import NIOCore
internal import NIOPosix

private final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let channel: any Channel
  private var request: OutgoingRequest
  private var reader: ReplyReader
  private var waiter: EventLoopPromise<Reply>?
  private var outcome: Result<Reply, ScanFailure>?
  private var isSending = false
  private var sawError = false

  init(_ channel: any Channel, _ request: OutgoingRequest, _ reader: ReplyReader) {
    self.channel = channel
    self.request = request
    self.reader = reader
  }

  private var isSettled: Bool { outcome != nil }

  /// Begins once the connection stands.
  func begin(_ deadline: NIODeadline) -> EventLoopFuture<Reply> {
    let promise = channel.eventLoop.makePromise(of: Reply.self)
    if let outcome {
      promise.completeWith(outcome.mapError { $0 })
      return promise.futureResult
    }
    waiter = promise
    let timer = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.settle(.failure(.timedOut(.answer)))
    }
    promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
    if !channel.isActive { atEnd() }
    sendMore()
    return promise.futureResult
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isSettled else { return }
    do throws(ScanFailure) {
      if let reply = try reader.take(unwrapInboundIn(data).readableBytesView) {
        settle(.success(reply))
      }
    } catch {
      settle(.failure(error))
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { sendMore() }

  func channelInactive(context: ChannelHandlerContext) { atEnd() }

  /// A failed write is none of these, and no failure yet: clamd answers and closes while we still
  /// write, and what it said is read before the channel ends. A failed read is: what ends by it is
  /// not whole.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    sawError = true
    context.close(promise: nil)
  }

  /// A piece at a time while the connection takes them. Writing may call back at once when it made
  /// room; the loop that is under way goes on then.
  private func sendMore() {
    guard !isSending, !isSettled else { return }
    isSending = true
    defer { isSending = false }
    while channel.isActive, channel.isWritable, !isSettled, let piece = request.next() {
      channel.writeAndFlush(piece, promise: nil)
    }
  }

  private func atEnd() {
    guard !isSettled else { return }
    do throws(ScanFailure) {
      if sawError { throw .cut }
      settle(.success(try reader.end()))
    } catch {
      settle(.failure(error))
    }
  }

  private func settle(_ result: Result<Reply, ScanFailure>) {
    guard !isSettled else { return }
    outcome = result
    waiter?.completeWith(result.mapError { $0 })
    waiter = nil
    channel.close(promise: nil)
  }
}

/// Asks one host.
struct Exchange: Sendable {
  let host: ScannerHost
  let limits: ScannerLimits
  let deadline: NIODeadline
  let group: any EventLoopGroup

  func callAsFunction(
    _ request: OutgoingRequest, _ frame: ReplyFrame
  ) async throws(ScanFailure) -> Reply {
    let (channel, handler) = try await connection(request, frame)
    let deadline = self.deadline
    do {
      return try await withTaskCancellationHandler {
        try await channel.eventLoop.flatSubmit { handler.value.begin(deadline) }.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      channel.close(promise: nil)
      if Task.isCancelled { throw .cancelled }
      throw error as? ScanFailure ?? .unreachable(ScannerText.shown("\(error)"))
    }
  }

  private typealias Connected = (channel: any Channel, handler: NIOLoopBound<ExchangeHandler>)

  private func connection(
    _ request: OutgoingRequest, _ frame: ReplyFrame
  ) async throws(ScanFailure) -> Connected {
    let left = deadline - NIODeadline.now()
    guard left > .zero else { throw .timedOut(.connection) }
    let patience = min(left, .milliseconds(Int64(limits.connectMilliseconds)))
    let limits = self.limits
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Connected> = { channel in
      channel.eventLoop.makeCompletedFuture {
        let handler = ExchangeHandler(channel, request, ReplyReader(frame, limits))
        try channel.pipeline.syncOperations.addHandler(handler)
        return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
      }
    }
    do {
      return try await host.connect(group, patience, prepare)
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: any Error) -> ScanFailure {
    switch error {
    case ChannelError.connectTimeout: .timedOut(.connection)
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { failure($0.error) }
        ?? .unreachable("the name \(ScannerText.shown(error.host)) is not known")
    default: .unreachable(ScannerText.shown("\(error)"))
    }
  }
}
