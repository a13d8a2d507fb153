// A server on a unix socket or on loopback that answers as a fault says.
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// What is said on a connection when all is well.
struct FailingScript: Sendable {
  struct Reply: Sendable {
    let bytes: [UInt8]
    /// It is the answer, and not what must be said before it.
    var isAnswer = true
    /// Nothing follows it.
    var isLast = false
  }

  /// Said before anything was asked.
  var greeting: [UInt8]?
  /// What no client of this protocol can read.
  let garbage: [UInt8]
  /// One write of a client is one request; nil for what is not answered.
  let reply: @Sendable (_ turn: Int, _ request: [UInt8]) -> Reply?

  /// A server that says one thing, and closes.
  static func once(_ answer: String, garbage: String) -> FailingScript {
    FailingScript(garbage: Array(garbage.utf8)) { turn, _ in
      turn == 0 ? Reply(bytes: Array(answer.utf8), isLast: true) : nil
    }
  }
}

final class FailingServer: Sendable {
  enum Place: Sendable { case unix, loopback }

  private struct State {
    var listener: (any Channel)?
    var connections: [any Channel] = []
    var port = 0
  }

  private let fault: FailureFault
  private let script: FailingScript
  private let place: Place
  private let folder: TestFolder
  private let state = Mutex(State())

  init(_ fault: FailureFault, _ script: FailingScript, at place: Place = .unix) async throws {
    self.fault = fault
    self.script = script
    self.place = place
    folder = try TestFolder()
    try await start()
    // Its port was somebody's, and is nobody's now.
    if fault == .absent { try await end() }
  }

  var port: Int { state.withLock { $0.port } }

  /// As scanners and tables are declared.
  var service: FailureService {
    FailureService(
      words: ["address": "unix:\(folder.path)/s", "port": "\(port)"],
      restart: {
        try await self.end()
        try await self.start()
      },
      stop: { self.close() })
  }

  private func start() async throws {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] channel in
        state.withLock { $0.connections.append(channel) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FailingHandler(script, fault))
        }
      }
    let new: any Channel
    switch place {
    case .unix:
      try? FileManager.default.removeItem(atPath: folder.path + "/s")
      new = try await bootstrap.bind(unixDomainSocketPath: folder.path + "/s").get()
    case .loopback: new = try await Self.bound(bootstrap, port)
    }
    state.withLock {
      $0.listener = new
      $0.port = new.localAddress?.port ?? 0
    }
  }

  /// A port of before may be the near end of somebody's connection for a moment.
  private static func bound(_ bootstrap: ServerBootstrap, _ port: Int) async throws -> any Channel {
    for _ in 0..<attempts {
      do {
        return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
      } catch let error as IOError where error.errnoCode == EADDRINUSE {
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
  }

  private static let attempts = 100

  private func end() async throws {
    let (listener, connections) = state.withLock { state in
      defer { state.connections = [] }
      return (state.listener, state.connections)
    }
    // One that never was there is closed already.
    try? await listener?.close()
    for connection in connections { try? await connection.close() }
  }

  private func close() {
    state.withLock { state in
      state.listener?.close(promise: nil)
      for connection in state.connections { connection.close(promise: nil) }
    }
  }
}

private final class FailingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let script: FailingScript
  private let fault: FailureFault
  private var turn = 0
  private var isOver = false

  init(_ script: FailingScript, _ fault: FailureFault) {
    self.script = script
    self.fault = fault
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let greeting = script.greeting, fault != .silent else { return }
    if fault == .garbage { return end(script.garbage, context) }
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: greeting)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let request = Array(unwrapInboundIn(data).readableBytesView)
    guard !isOver, fault != .silent else { return }
    if fault == .garbage { return end(script.garbage, context) }
    defer { turn += 1 }
    guard let reply = script.reply(turn, request) else { return }
    switch fault {
    case .cut where reply.isAnswer: end(Array(reply.bytes.prefix(reply.bytes.count / 2)), context)
    case .slow where reply.isAnswer:
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let pause = TimeAmount.milliseconds(Int64(FailureFault.slowMilliseconds))
      context.eventLoop.scheduleTask(in: pause) { bound.value.0.say(reply, bound.value.1) }
    default: say(reply, context)
    }
  }

  private func say(_ reply: FailingScript.Reply, _ context: ChannelHandlerContext) {
    if reply.isLast { return end(reply.bytes, context) }
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: reply.bytes)), promise: nil)
  }

  private func end(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    isOver = true
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
    context.close(mode: .output, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
