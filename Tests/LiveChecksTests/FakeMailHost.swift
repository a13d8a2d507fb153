// A mail server on loopback that answers RCPT as a test tells it to, slowly if it must, and counts.
import NIOCore
import NIOPosix
import Synchronization

final class FakeMailHost: Sendable {
  struct Script: Sendable {
    /// What RCPT is answered by; `ok` else.
    var replies: [String: String] = [:]
    var greeting = "220 mail.example.net ESMTP\r\n"
    /// RCPT is answered when this is opened.
    var isHeld = false
  }

  fileprivate struct State: Sendable {
    var script: Script
    var asked: [String] = []
    var open = 0
    var heldMax = 0
    var held: [@Sendable () -> Void] = []
  }

  fileprivate let state: Mutex<State>
  private let channel = Mutex<(any Channel)?>(nil)

  init(_ script: Script = Script()) async throws {
    state = Mutex(State(script: script))
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(HostHandler(self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.withLock { $0 = bound }
  }

  var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }
  /// Recipients, in the order in which they were asked about.
  var asked: [String] { state.withLock { $0.asked } }
  /// Most recipients that waited for an answer at once.
  var heldMax: Int { state.withLock { $0.heldMax } }
  /// Connections that are there.
  var open: Int { state.withLock { $0.open } }

  func set(_ script: Script) { state.withLock { $0.script = script } }

  /// Answers what was held, and all that comes from now on.
  func release() {
    let held = state.withLock { state in
      state.script.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for answer in held { answer() }
  }

  func stop() async throws {
    let bound = channel.withLock { $0 }
    try await bound?.close().get()
  }
}

private final class HostHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let host: FakeMailHost
  private var line: [UInt8] = []

  init(_ host: FakeMailHost) { self.host = host }

  func channelActive(context: ChannelHandlerContext) {
    let greeting = host.state.withLock { state in
      state.open += 1
      return state.script.greeting
    }
    say(greeting, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    host.state.withLock { $0.open -= 1 }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    for byte in unwrapInboundIn(data).readableBytesView {
      guard byte == 10 else {
        line.append(byte)
        continue
      }
      answer(String(decoding: line, as: UTF8.self), context)
      line = []
    }
  }

  private func answer(_ line: String, _ context: ChannelHandlerContext) {
    guard line.hasPrefix("RCPT") else { return say("250 2.0.0 ok\r\n", context) }
    let path = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let reply = host.state.withLock { state -> String? in
      state.asked.append(path)
      let reply = state.script.replies[path] ?? "250 2.1.5 ok\r\n"
      guard state.script.isHeld else { return reply }
      state.held.append { loop.execute { bound.value.0.say(reply, bound.value.1) } }
      state.heldMax = max(state.heldMax, state.held.count)
      return nil
    }
    if let reply { say(reply, context) }
  }

  private func say(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
  }
}
