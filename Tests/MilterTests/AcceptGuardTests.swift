// What happens when there is no descriptor for a connection: so many are let in and turned away,
// and then there is a pause instead of an event loop that turns for nothing.

import Glibc
import MilterBridge
import NIOCore
import NIOEmbedded
import Testing

@Suite struct AcceptGuardTests {
  private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = Never
    var count = 0

    func read(context: ChannelHandlerContext) { count += 1 }
  }

  private static let shortage = IOError(errnoCode: EMFILE, reason: "accept")

  @Test func turnsAway() throws {
    let (reserve, lines, counter) = (DescriptorReserve(), LogLines(), ReadCounter())
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers(
      counter, AcceptGuard(reserve, log: lines.logger))
    #expect(!reserve.isShort)
    for _ in 0..<DescriptorReserve.count {
      channel.pipeline.fireErrorCaught(Self.shortage)
      channel.read()
    }
    #expect(reserve.isShort)
    #expect(counter.count == DescriptorReserve.count)
    // The last one is gone: nothing is read for a while.
    channel.pipeline.fireErrorCaught(Self.shortage)
    channel.read()
    #expect(counter.count == DescriptorReserve.count)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(counter.count == DescriptorReserve.count + 1)
    channel.read()
    #expect(counter.count == DescriptorReserve.count + 2)
    #expect(lines.all.count == 1)
    for _ in 0..<DescriptorReserve.count { reserve.refill() }
    #expect(!reserve.isShort)
    _ = try channel.finish()
  }

  /// Other errors are not this one's.
  @Test func othersPass() throws {
    let channel = EmbeddedChannel(handler: AcceptGuard(DescriptorReserve(), log: quiet))
    channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
    #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
  }

  @Test func aSessionThatCameInSoIsTurnedAway() {
    var limits = BridgeLimits()
    limits.sessionsMax = 10
    let load = SessionLoad(limits, addresses: [])
    #expect(load.begin(isShort: true) == .turnedAway)
    #expect(load.begin(isShort: false) == .full)
    #expect(load.turnedAwayCount == 1)
  }
}
