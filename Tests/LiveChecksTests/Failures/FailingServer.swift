// A server on a unix socket that answers as a fault says.
import Foundation
import NIOCore
import NIOPosix
import Synchronization

final class FailingServer: Sendable {
  private let fault: FailureFault
  private let answer: [UInt8]
  private let garbage: [UInt8]
  private let folder: String
  private let channel = Mutex<(any Channel)?>(nil)

  var address: String { "unix:\(folder)/s" }

  /// - Parameter garbage: what no client of this protocol can read.
  init(_ fault: FailureFault, answer: String, garbage: String) async throws {
    self.fault = fault
    self.answer = Array(answer.utf8)
    self.garbage = Array(garbage.utf8)
    folder = "/tmp/defang-fail." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    if fault != .absent { try await start() }
  }

  var service: FailureService {
    FailureService(
      words: ["address": address],
      restart: {
        try await self.end()
        try await self.start()
      },
      stop: {
        self.channel.withLock { $0?.close(promise: nil) }
        try? FileManager.default.removeItem(atPath: self.folder)
      })
  }

  private func start() async throws {
    try? FileManager.default.removeItem(atPath: folder + "/s")
    let new = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FailingHandler(said: said, isLate))
        }
      }
      .bind(unixDomainSocketPath: folder + "/s").get()
    channel.withLock { $0 = new }
  }

  private func end() async throws {
    let old = channel.withLock { $0 }
    try await old?.close()
  }

  private var isLate: Bool { fault == .slow }

  /// Nil for silence.
  private var said: [UInt8]? {
    switch fault {
    case .silent, .absent: nil
    case .garbage: garbage
    case .cut: Array(answer.prefix(answer.count / 2))
    case .answer, .slow, .restarted: answer
    }
  }
}

private final class FailingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let said: [UInt8]?
  private let isLate: Bool
  private var isDone = false

  init(said: [UInt8]?, _ isLate: Bool) {
    self.said = said
    self.isLate = isLate
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDone, let said else { return }
    isDone = true
    let wait = TimeAmount.milliseconds(isLate ? Int64(FailureFault.slowMilliseconds) : 0)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: wait) {
      bound.value.writeAndFlush(NIOAny(ByteBuffer(bytes: said)), promise: nil)
      bound.value.close(mode: .output, promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
