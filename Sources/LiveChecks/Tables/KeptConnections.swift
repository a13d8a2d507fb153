// Connections to one server that stay open between questions: one question at a time on each, a new
// one when all are busy. How many there are at once is bounded by the table's gate. A connection
// that answers too late, too much or nonsense is closed; one that the server closed while nobody
// asked costs one more try.
internal import NIOCore
internal import NIOPosix
internal import Scanners
internal import Synchronization

/// How answers are told apart on a connection.
protocol AnswerFrame: Sendable {
  associatedtype Answer: Sendable
  /// The next answer; nil when it is not whole yet.
  func take(from buffer: inout ByteBuffer) throws(TableTrouble) -> Answer?
  /// More bytes than any answer may have.
  var bytesMax: Int { get }
}

final class KeptConnections<Frame: AnswerFrame>: Sendable {
  typealias Kept = KeptConnection<Frame>

  private let host: ScannerHost
  private let frame: Frame
  private let group: any EventLoopGroup
  private let limits: TableCallLimits
  private let idle = Mutex<[(connection: Kept, since: NIODeadline)]>([])

  init(
    _ host: ScannerHost, _ frame: Frame, _ group: any EventLoopGroup, _ limits: TableCallLimits
  ) {
    self.host = host
    self.frame = frame
    self.group = group
    self.limits = limits
  }

  deinit {
    for (connection, _) in idle.withLock({ $0 }) { connection.close() }
  }

  /// Asks, on a new connection after `greeting`, which asks whatever must come first.
  func ask(
    _ request: [UInt8], until deadline: NIODeadline,
    greeting: (Kept) async throws(TableTrouble) -> Void = { _ in }
  ) async throws(TableTrouble) -> Frame.Answer {
    if let kept = takeIdle() {
      do throws(TableTrouble) {
        return try await ask(request, on: kept, deadline)
      } catch {
        guard error == .cut else { throw error }
      }
    }
    let fresh = try await connect(deadline)
    do throws(TableTrouble) {
      try await greeting(fresh)
    } catch {
      fresh.close()
      throw error
    }
    return try await ask(request, on: fresh, deadline)
  }

  private func ask(
    _ request: [UInt8], on connection: Kept, _ deadline: NIODeadline
  ) async throws(TableTrouble) -> Frame.Answer {
    do throws(TableTrouble) {
      let answer = try await connection.ask(request, until: deadline)
      giveBack(connection)
      return answer
    } catch {
      connection.close()
      throw error
    }
  }

  private func takeIdle() -> Kept? {
    let oldest = NIODeadline.now() - .milliseconds(Int64(limits.idleMilliseconds))
    while let (connection, since) = idle.withLock({ $0.popLast() }) {
      if since > oldest, connection.isOpen { return connection }
      connection.close()
    }
    return nil
  }

  private func giveBack(_ connection: Kept) {
    let isKept = idle.withLock { idle in
      guard idle.count < limits.idleMax else { return false }
      idle.append((connection, .now()))
      return true
    }
    if !isKept { connection.close() }
  }

  private func connect(_ deadline: NIODeadline) async throws(TableTrouble) -> Kept {
    let left = deadline - NIODeadline.now()
    guard left > .zero else { throw .timeout }
    let patience = min(left, .milliseconds(Int64(limits.connectMilliseconds)))
    let frame = self.frame
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Kept> = { channel in
      channel.eventLoop.makeCompletedFuture {
        let handler = AnswerHandler(frame)
        try channel.pipeline.syncOperations.addHandler(handler)
        return Kept(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
      }
    }
    do {
      return try await host.connect(group, patience, prepare)
    } catch {
      throw Self.trouble(error, host)
    }
  }

  private static func trouble(_ error: any Error, _ host: ScannerHost) -> TableTrouble {
    switch error {
    case ChannelError.connectTimeout: TableTrouble("no connection to \(host): timeout")
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { trouble($0.error, host) }
        ?? TableTrouble("no connection to \(host): the name is not known")
    case let error as IOError: TableTrouble("no connection to \(host): \(error.description)")
    default: TableTrouble("no connection to \(host): \(error)")
    }
  }
}

/// One connection; whoever took it asks, nobody else.
final class KeptConnection<Frame: AnswerFrame>: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<AnswerHandler<Frame>>

  fileprivate init(_ channel: any Channel, _ handler: NIOLoopBound<AnswerHandler<Frame>>) {
    self.channel = channel
    self.handler = handler
  }

  var isOpen: Bool { channel.isActive }

  func close() { channel.close(promise: nil) }

  func ask(
    _ request: [UInt8], until deadline: NIODeadline
  ) async throws(TableTrouble) -> Frame.Answer {
    let (channel, handler) = (channel, handler)
    do {
      return try await channel.eventLoop.flatSubmit {
        handler.value.begin(request, deadline, channel)
      }.get()
    } catch {
      throw error as? TableTrouble ?? .cut
    }
  }
}

/// All state lives on the connection's event loop.
private final class AnswerHandler<Frame: AnswerFrame>: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let frame: Frame
  private var buffer = ByteBuffer()
  private var waiter: EventLoopPromise<Frame.Answer>?

  init(_ frame: Frame) { self.frame = frame }

  func begin(
    _ request: [UInt8], _ deadline: NIODeadline, _ channel: any Channel
  ) -> EventLoopFuture<Frame.Answer> {
    let promise = channel.eventLoop.makePromise(of: Frame.Answer.self)
    waiter = promise
    let timer = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.end(.failure(.timeout))
    }
    promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
    if channel.isActive {
      channel.writeAndFlush(ByteBuffer(bytes: request), promise: nil)
    } else {
      end(.failure(.cut))
    }
    return promise.futureResult
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var more = unwrapInboundIn(data)
    // What nobody asked for is the end: the next answer would be another one's.
    guard waiter != nil else { return context.close(promise: nil) }
    buffer.writeBuffer(&more)
    do throws(TableTrouble) {
      guard let answer = try frame.take(from: &buffer) else {
        if buffer.readableBytes > frame.bytesMax { throw .tooLong(frame.bytesMax) }
        return
      }
      if buffer.readableBytes > 0 { throw TableTrouble("it says more than was asked") }
      buffer.clear(minimumCapacity: 0)
      end(.success(answer))
    } catch {
      end(.failure(error))
    }
  }

  func channelInactive(context: ChannelHandlerContext) { end(.failure(.cut)) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func end(_ result: Result<Frame.Answer, TableTrouble>) {
    waiter?.completeWith(result.mapError { $0 })
    waiter = nil
  }
}
