// What happens when the process, or the system, has no descriptor left for a connection: an MTA
// that is left waiting may let mail pass unfiltered. So some descriptors are kept back; each lets
// one more connection in, to be told that we are too busy. Without the pause behind that, the event
// loop would turn for nothing: a connection that cannot be taken stays readable.

package import Logging
package import NIOCore
internal import Synchronization

/// Descriptors that are given up for connections when there are no others, and got back when
/// connections end.
package final class DescriptorReserve: Sendable {
  package static let count = 32

  private let held: Mutex<[Int32]>
  private let lastNoted = Mutex<ContinuousClock.Instant?>(nil)

  package init() { held = Mutex((0..<Self.count).compactMap { _ in ListenSocket.openSpare() }) }

  deinit { for descriptor in held.withLock({ $0 }) { ListenSocket.close(descriptor) } }

  /// Some have been given up: who comes now is turned away.
  package var isShort: Bool { held.withLock { $0.count < Self.count } }

  /// False when there is none left.
  package func giveOne() -> Bool {
    guard let descriptor = held.withLock({ $0.popLast() }) else { return false }
    ListenSocket.close(descriptor)
    return true
  }

  /// A connection has ended: its descriptor is put back, if one is missing.
  package func refill() {
    held.withLock { held in
      guard held.count < Self.count, let descriptor = ListenSocket.openSpare() else { return }
      held.append(descriptor)
    }
  }

  /// True once a minute.
  func isWorthALine() -> Bool {
    let now = ContinuousClock.now
    return lastNoted.withLock { last in
      if let last, now - last < .seconds(60) { return false }
      last = now
      return true
    }
  }
}

/// In the pipeline of a listening channel.
package final class AcceptGuard: ChannelDuplexHandler {
  package typealias InboundIn = any Channel
  package typealias InboundOut = any Channel
  package typealias OutboundIn = Never
  package typealias OutboundOut = Never

  private let reserve: DescriptorReserve
  private let log: Logger
  private var isResting = false

  private static let restMilliseconds: Int64 = 250

  package init(_ reserve: DescriptorReserve, log: Logger) {
    self.reserve = reserve
    self.log = log
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, ListenSocket.isShortage(error.errnoCode) else {
      return context.fireErrorCaught(error)
    }
    if reserve.isWorthALine() {
      log.error("no descriptor is left for a connection: until there is, mail is turned away")
    }
    if !reserve.giveOne() { rest(context) }
  }

  package func read(context: ChannelHandlerContext) {
    if !isResting { context.read() }
  }

  private func rest(_ context: ChannelHandlerContext) {
    guard !isResting else { return }
    isResting = true
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Self.restMilliseconds)) {
      self.isResting = false
      context.read()
    }
  }
}
