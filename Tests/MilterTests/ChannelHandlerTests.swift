// The engine's connection on an embedded channel: one write for what a read led to, time limits by
// a clock of the test's own, back-pressure, and ends of every kind.

import MilterBridge
import MilterWire
import NIOCore
import NIOEmbedded
import RuleBytecode
import RuleVM
import Synchronization
import Testing

final class CancelledChecks: Sendable {
  let ids = Mutex<[UInt32]>([])
}

struct HeldCheck: StartedCheck {
  let id: UInt32
  let cancelled: CancelledChecks

  func cancel() { cancelled.ids.withLock { $0.append(id) } }
}

/// Keeps the completions of checks until the test answers them.
final class HeldChecks: CheckService, @unchecked Sendable {
  // Used on the thread of one test alone.
  private(set) var completions: [UInt32: @Sendable (CheckAnswer) -> Void] = [:]

  /// The numbers of those that were given up.
  let cancelled = CancelledChecks()

  func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> (any StartedCheck)? {
    completions[request.id] = completion
    return HeldCheck(id: request.id, cancelled: cancelled)
  }

  func answer(_ id: UInt32) { completions[id]?(.values([])) }
}

/// A connection over a scripted policy.
final class Line {
  let policy = ScriptedEvaluation()
  let checks = HeldChecks()
  let channel: EmbeddedChannel

  init(limits: BridgeLimits = BridgeLimits(), needs: NegotiationNeeds = .everything) throws {
    let lent = Lending(policy)
    let handler = MilterChannelHandler(
      policy: SessionPolicy(needs: needs, checks: checks) { _ in lent.evaluation }, limits: limits,
      identity: "test", log: quiet)
    channel = EmbeddedChannel(handler: handler)
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
  }

  deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

  func send(_ bytes: [UInt8]) throws { try channel.writeInbound(ByteBuffer(bytes: bytes)) }

  /// The letters of the replies written since, one string for each write.
  func writes() throws -> [String] {
    var all: [String] = []
    while var buffer = try channel.readOutbound(as: ByteBuffer.self) {
      var letters = ""
      while let length = buffer.readInteger(as: UInt32.self),
        let data = buffer.readBytes(length: Int(length))
      {
        letters += text(Array(data.prefix(1)))
      }
      all.append(letters)
    }
    return all
  }

  func pass(seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }
  func settle() { channel.embeddedEventLoop.run() }
}

@Suite struct ChannelHandlerTests {
  @Test func oneWriteForEachRead() throws {
    let line = try Line()
    try line.send(offerPacket(steps: 0) + connectPacket + packet("H", "x\0"))
    #expect(try line.writes() == ["Occ"])
    line.policy.outcomes["eom"] = .decided(
      .finish(
        MessageDecision(
          verdict: .accept,
          modifications: [
            .addHeader(name: "X", value: [49]),
            .replaceBody(Array(repeating: 65, count: 100_000)),
          ])))
    try line.send(messagePackets())
    #expect(try line.writes() == ["ccccccchbbc"])
  }

  @Test func nothingIsWrittenWhereNoReplyIsAwaited() throws {
    let line = try Line(
      needs: NegotiationNeeds(
        sent: .all, header: true, body: true, verdicts: [], actions: [], macros: nil))
    try line.send(offerPacket() + connectPacket + packet("H", "x\0"))
    #expect(try line.writes() == ["O"])
    try line.send(messagePackets())
    #expect(try line.writes() == ["c"])
  }

  @Test(arguments: [1, 7]) func cutsMakeNoDifference(_ size: Int) throws {
    let line = try Line()
    let bytes = offerPacket(steps: 0x10_0000) + connectPacket + messagePackets()
    for start in stride(from: 0, to: bytes.count, by: size) {
      try line.send(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    #expect(try line.writes().joined() == "Occccccccc")
    #expect(text(line.policy.messages[0].bytes).hasSuffix("\r\n\r\nHello\r\n"))
  }

  @Test(arguments: [[UInt8](repeating: 0, count: 4), [0x80, 0, 0, 0], packet("z"), packet("E")])
  func aFaultOfTheMTAEndsTheConnection(_ bytes: [UInt8]) throws {
    let line = try Line()
    try line.send(offerPacket())
    try line.send(bytes)
    #expect(!line.channel.isActive)
  }

  /// RSET: nobody will read what was asked for the message; what the client was asked about stays.
  @Test func whatNobodyWillReadIsGivenUp() throws {
    let line = try Line()
    line.policy.outcomes["connect"] = .waiting([check(1)])
    line.policy.resumptions[1] = .decided(.proceed)
    line.policy.outcomes["mail <a@b>"] = .waiting([check(2)])
    try line.send(offerPacket() + connectPacket + packet("H", "x\0"))
    line.checks.answer(1)
    line.settle()
    try line.send(packet("M", "<a@b>\0"))
    try line.send(packet("A"))
    #expect(line.checks.cancelled.ids.withLock { $0 } == [2])
  }

  @Test func progressWhileTheEndWaits() throws {
    let line = try Line()
    line.policy.outcomes["eom"] = .waiting([check(1)])
    line.policy.resumptions[1] = .decided(.proceed)
    try line.send(offerPacket(steps: 0) + connectPacket + messagePackets())
    _ = try line.writes()
    line.pass(seconds: 3)
    #expect(try line.writes().isEmpty)
    line.pass(seconds: 1)
    line.pass(seconds: 4)
    #expect(try line.writes() == ["p", "p"])
    line.checks.answer(1)
    line.settle()
    #expect(try line.writes() == ["c"])
    line.pass(seconds: 100)
    #expect(try line.writes().isEmpty)
  }

  @Test func deadlineOfTheEnd() throws {
    let line = try Line()
    line.policy.outcomes["eom"] = .waiting([check(1)])
    line.policy.expiries = [.decided(.refuse(refusal("slow", permanent: false)))]
    try line.send(offerPacket(steps: 0) + connectPacket + messagePackets())
    line.pass(seconds: 59)
    #expect(!line.policy.calls.contains("expire"))
    line.pass(seconds: 1)
    #expect(line.policy.calls.contains("expire"))
    #expect(try line.writes().last == "y")
    line.checks.answer(1)
    line.settle()
    #expect(try line.writes().isEmpty)
  }

  /// Counted from the first command that waits, though a second waits after it.
  @Test func deadlineOfCommands() throws {
    let line = try Line()
    line.policy.outcomes["connect"] = .waiting([check(1)])
    line.policy.resumptions[1] = .decided(.proceed)
    line.policy.outcomes["helo x"] = .waiting([check(2)])
    line.policy.expiries = [.decided(.proceed)]
    try line.send(offerPacket(steps: 0) + connectPacket + packet("H", "x\0"))
    line.pass(seconds: 6)
    line.checks.answer(1)
    line.settle()
    line.pass(seconds: 1)
    #expect(try line.writes() == ["O", "c"])
    line.pass(seconds: 1)
    #expect(try line.writes() == ["c"])
  }

  @Test func aPacketMustBeWholeInTime() throws {
    let line = try Line()
    try line.send(offerPacket())
    let slow = packet("H", "client.example\0")
    for byte in slow.prefix(12) {
      try line.send([byte])
      line.pass(seconds: 4)
    }
    #expect(line.channel.isActive)
    line.pass(seconds: 11)
    #expect(line.channel.isActive)
    line.pass(seconds: 1)
    #expect(!line.channel.isActive)
  }

  /// Packets that follow each other, each cut, are each in time.
  @Test func cutPacketsInARowAreInTime() throws {
    let line = try Line()
    try line.send(offerPacket() + connectPacket)
    let one = packet("U", "XYZ\0")
    try line.send(Array(one.prefix(6)))
    for _ in 0..<10 {
      line.pass(seconds: 30)
      try line.send(Array(one.suffix(one.count - 6) + one.prefix(6)))
    }
    #expect(line.channel.isActive)
  }

  @Test func silenceHasALimit() throws {
    let line = try Line()
    try line.send(offerPacket() + connectPacket)
    line.pass(seconds: 7_000)
    try line.send(packet("U", "XYZ\0"))
    line.pass(seconds: 7_209)
    #expect(line.channel.isActive)
    line.pass(seconds: 1)
    #expect(!line.channel.isActive)
  }

  /// One that connects and says nothing takes a place, so it does not have that long.
  @Test func negotiationMustComeSoon() throws {
    let line = try Line()
    line.pass(seconds: 59)
    #expect(line.channel.isActive)
    line.pass(seconds: 1)
    #expect(!line.channel.isActive)
  }

  /// A shorter limit holds between messages; closing within one would cost it.
  @Test func silenceWithinAMessageIsTheClients() throws {
    var limits = BridgeLimits()
    limits.idleSeconds = 400
    let line = try Line(limits: limits)
    try line.send(offerPacket(steps: 0) + connectPacket + packet("M", "<a@b>\0"))
    line.pass(seconds: 7_200)
    #expect(line.channel.isActive)
    try line.send(packet("A"))
    line.pass(seconds: 399)
    #expect(line.channel.isActive)
    line.pass(seconds: 1)
    #expect(!line.channel.isActive)
    let silent = try Line(limits: limits)
    try silent.send(offerPacket(steps: 0) + connectPacket + packet("M", "<a@b>\0"))
    silent.pass(seconds: 7_210)
    #expect(!silent.channel.isActive)
  }

  @Test func readingStopsWhileTooMuchWaits() throws {
    var limits = BridgeLimits()
    limits.queueBytesMax = 1_000
    let line = try Line(limits: limits)
    let reads = ReadCounter()
    try line.channel.pipeline.syncOperations.addHandler(reads, position: .first)
    line.policy.outcomes["connect"] = .waiting([check(1)])
    line.policy.resumptions[1] = .decided(.proceed)
    try line.send(offerPacket(steps: 0) + connectPacket + packet("U", "x\0"))
    line.channel.read()
    #expect(reads.count == 1)
    try line.send(packet("U", String(repeating: "x", count: 1_000) + "\0"))
    line.channel.read()
    #expect(reads.count == 1)
    line.checks.answer(1)
    line.settle()
    #expect(reads.count == 2)
  }

  @Test func theMTAIsGoneInMidMessage() throws {
    let line = try Line()
    line.policy.outcomes["eom"] = .waiting([check(1)])
    line.policy.resumptions[1] = .decided(.proceed)
    try line.send(offerPacket(steps: 0) + connectPacket + messagePackets())
    _ = try line.writes()
    _ = try line.channel.finish()
    #expect(line.policy.calls.last == "reset")
    line.checks.answer(1)
    line.settle()
    #expect(!line.policy.calls.contains("answer 1"))
  }

  @Test func drainWaitsForTheMessage() throws {
    let line = try Line()
    let bytes = messagePackets()
    try line.send(offerPacket(steps: 0) + connectPacket + bytes.prefix(bytes.count - 5))
    line.channel.pipeline.fireUserInboundEventTriggered(DrainEvent())
    #expect(line.channel.isActive)
    try line.send(Array(bytes.suffix(5)))
    #expect(!line.channel.isActive)
    #expect(try line.writes().joined().last == "c")
  }

  @Test func drainEndsAnIdleSession() throws {
    let line = try Line()
    try line.send(offerPacket(steps: 0) + connectPacket + messagePackets())
    line.channel.pipeline.fireUserInboundEventTriggered(DrainEvent())
    #expect(!line.channel.isActive)
  }
}

private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  private(set) var count = 0
  func read(context: ChannelHandlerContext) {
    count += 1
    context.read()
  }
}
