// A server in this process that answers each request as a test tells it to, faults included.
import Foundation
import NIOCore
import NIOPosix
import Synchronization

final class ScriptedServer: Sendable {
  enum Act: Sendable {
    case say(String)
    /// Says that, then closes.
    case cut(String)
    case silence
  }

  typealias Script = @Sendable (_ request: String) -> Act

  struct State {
    var script: Script
    var requests: [String] = []
    var connections = 0
    var channels: [any Channel] = []
  }

  final class Shared: Sendable {
    let state: Mutex<State>
    init(_ script: @escaping Script) { state = Mutex(State(script: script)) }
  }

  let path: String
  private let shared: Shared
  private let channel: any Channel
  private let folder: TestFolder

  init(named name: String = "s", _ script: @escaping Script) async throws {
    folder = try TestFolder()
    path = folder.path + "/" + name
    let shared = Shared(script)
    self.shared = shared
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        shared.state.withLock {
          $0.connections += 1
          $0.channels.append(channel)
        }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ScriptHandler(shared))
        }
      }
      .bind(unixDomainSocketPath: path).get()
  }

  deinit {
    channel.close(promise: nil)
    closeAll()
  }

  var folderPath: String { folder.path }
  var address: String { "unix:\(path)" }
  var requests: [String] { shared.state.withLock { $0.requests } }
  var connections: Int { shared.state.withLock { $0.connections } }

  func change(_ script: @escaping Script) { shared.state.withLock { $0.script = script } }

  /// As a server that is started again: nobody's connection lives on.
  func closeAll() {
    let channels = shared.state.withLock { state in
      defer { state.channels = [] }
      return state.channels
    }
    for channel in channels { channel.close(promise: nil) }
  }

  func closeAllAndWait() async throws {
    let channels = shared.state.withLock { $0.channels }
    closeAll()
    for channel in channels { try await channel.closeFuture.get() }
  }
}

private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shared: ScriptedServer.Shared

  init(_ shared: ScriptedServer.Shared) { self.shared = shared }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // One small write of a client on a unix socket is one read here.
    let request = String(buffer: unwrapInboundIn(data))
    let script = shared.state.withLock { state in
      state.requests.append(request)
      return state.script
    }
    switch script(request) {
    case .say(let text):
      context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
    case .cut(let text):
      let channel = context.channel
      context.writeAndFlush(NIOAny(ByteBuffer(string: text))).whenComplete { _ in
        channel.close(promise: nil)
      }
    case .silence: break
    }
  }
}
