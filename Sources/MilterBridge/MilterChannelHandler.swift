// One connection on swift-nio: bytes → decoder → session → bytes, with one flush for what a read
// led to. Trusts the decoder and the session to judge the bytes; its own part is time: a packet
// must be whole, a silent MTA is let go, a waiting message is kept alive and has a deadline.

package import Logging
package import MilterWire
package import NIOCore
package import RuleVM

/// Sent through the pipeline when the filter stops: the connection ends when no message is in hand.
package struct DrainEvent: Sendable {
  package init() {}
}

package final class MilterChannelHandler: ChannelDuplexHandler, SessionTransport {
  package typealias InboundIn = ByteBuffer
  package typealias OutboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  private let session: Session
  private let limits: BridgeLimits
  private var pending = PendingChecks()
  private var decoder: PacketDecoder
  private var context: ChannelHandlerContext?
  private var output = ByteBuffer()

  private var isReadHeld = false
  private var isReading = false
  private var isDraining = false
  private var lastRead = NIODeadline.uptimeNanoseconds(0)
  /// When the packet that is not whole yet began.
  private var packetBegan: NIODeadline?

  private var idleTimer: Scheduled<Void>?
  private var packetTimer: Scheduled<Void>?
  private var deadlineTimer: Scheduled<Void>?
  private var progressTimer: Scheduled<Void>?
  private var heldTimer: Scheduled<Void>?
  private var isDeadlineOfEnd = false

  /// A drained output buffer larger than this is given back.
  private static let keptBytesMax = 4_096

  package init(
    policy: SessionPolicy, limits: BridgeLimits, identity: String, log: Logger,
    buffers: BufferPool = BufferPool(), load: SessionLoad? = nil, admission: Admission = .full
  ) {
    self.limits = limits
    decoder = PacketDecoder(limits: limits.wire)
    session = Session(
      policy: policy, limits: limits, identity: identity, log: log, buffers: buffers,
      load: load, admission: admission)
    session.transport = self
  }

  // MARK: Channel

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    lastRead = context.eventLoop.now
    armIdleTimer(in: .seconds(Int64(silenceSeconds)))
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    forget()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var input = unwrapInboundIn(data)
    var isPacketDone = false
    isReading = true
    do throws(WireError) {
      while !session.isEnded, let command = try decoder.next(&input) {
        if case .body(_, isLast: false) = command {} else { isPacketDone = true }
        session.handle(command)
      }
    } catch {
      session.fail("\(error)")
    }
    isReading = false
    if isPacketDone { packetBegan = nil }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    lastRead = context.eventLoop.now
    watchPacket()
    flush()
    context.fireChannelReadComplete()
  }

  /// Reading stops while too much waits; the MTA's writes then wait in the kernel.
  package func read(context: ChannelHandlerContext) {
    if isOverfull(context) { isReadHeld = true } else { context.read() }
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    releaseRead()
    context.fireChannelWritabilityChanged()
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is DrainEvent else { return context.fireUserInboundEventTriggered(event) }
    isDraining = true
    closeIfDrained()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  // MARK: Session

  package func send(_ reply: MilterReply) {
    output.writeReply(reply)
  }

  package func startCheck(_ request: CheckRequest, _ ticket: CheckTicket) {
    guard let eventLoop = context?.eventLoop else { return }
    let handler = NIOLoopBound(self, eventLoop: eventLoop)
    let call = session.policy.checks.start(request) { answer in
      eventLoop.execute { handler.value.deliver(ticket, answer) }
    }
    pending.add(call, ticket)
  }

  package func dropChecks(except isWanted: (CheckTicket) -> Bool) {
    pending.drop(except: isWanted)
  }

  /// The answer is handled like a read: what it leads to is flushed once.
  private func deliver(_ ticket: CheckTicket, _ answer: CheckAnswer) {
    pending.remove(ticket)
    session.answer(ticket, answer)
    flush()
  }

  package func sessionDidSuspend(atEndOfMessage: Bool) {
    guard let eventLoop = context?.eventLoop.assumeIsolated() else { return }
    // The time of a command runs from the first that waits; the end has its own.
    if deadlineTimer == nil || isDeadlineOfEnd != atEndOfMessage {
      deadlineTimer?.cancel()
      isDeadlineOfEnd = atEndOfMessage
      let seconds = session.policy.waitSeconds(atEndOfMessage: atEndOfMessage, limits)
      deadlineTimer = eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { self.deadline() }
    }
    if atEndOfMessage && progressTimer == nil { armProgressTimer() }
  }

  package func sessionDidHoldReply(number: UInt32, seconds: Int) {
    heldTimer?.cancel()
    let time = TimeAmount.seconds(Int64(seconds))
    heldTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) {
      self.session.releaseReply(number: number)
      self.flush()
    }
  }

  private func armProgressTimer() {
    let pause = TimeAmount.seconds(Int64(limits.progressSeconds))
    progressTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      // Cancelled too late to be stopped when the deadline fell on the same instant: a word after
      // the verdict would be taken for the reply to the next command.
      guard self.progressTimer != nil else { return }
      self.send(.progress)
      self.flush()
      self.armProgressTimer()
    }
  }

  package func sessionDidResume() {
    deadlineTimer?.cancel()
    deadlineTimer = nil
    progressTimer?.cancel()
    progressTimer = nil
    heldTimer?.cancel()
    heldTimer = nil
    if !isReading { releaseRead() }
  }

  package func sessionDidEnd(_ end: SessionEnd) {
    flush()
    context?.close(promise: nil)
  }

  private func deadline() {
    guard deadlineTimer != nil else { return }
    deadlineTimer = nil
    session.expire()
    flush()
  }

  // MARK: Output

  private func flush() {
    if output.readableBytes > 0, let context {
      context.writeAndFlush(wrapOutboundOut(output), promise: nil)
      if output.capacity > Self.keptBytesMax { output = ByteBuffer() } else { output.clear() }
    }
    if isDraining { closeIfDrained() }
  }

  private func closeIfDrained() {
    if session.isBetweenMessages { context?.close(promise: nil) }
  }

  private func isOverfull(_ context: ChannelHandlerContext) -> Bool {
    session.queuedBytes > limits.queueBytesMax || !context.channel.isWritable
  }

  private func releaseRead() {
    guard isReadHeld, let context, !isOverfull(context) else { return }
    isReadHeld = false
    context.read()
  }

  // MARK: Time

  /// Timers are armed rarely and look at the clock's marks when they fire, since arming one for
  /// each read would cost more than the read.
  private func watchPacket() {
    guard decoder.isWithinPacket else {
      packetBegan = nil
      return
    }
    if packetBegan == nil { packetBegan = lastRead }
    if packetTimer == nil { armPacketTimer(in: .seconds(Int64(limits.packetSeconds))) }
  }

  private func armPacketTimer(in time: TimeAmount) {
    packetTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { self.packetCheck() }
  }

  private func packetCheck() {
    packetTimer = nil
    guard let context, var began = packetBegan else { return }
    let now = context.eventLoop.now
    // Time in which we do not read is not the peer's.
    if isReadHeld { began = now }
    packetBegan = began
    let end = began + .seconds(Int64(limits.packetSeconds))
    guard now < end else { return session.fail("a packet was not whole in time") }
    armPacketTimer(in: end - now)
  }

  private func armIdleTimer(in time: TimeAmount) {
    idleTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { self.idleCheck() }
  }

  /// How long the MTA may be silent as things are. One that connects negotiates at once.
  private var silenceSeconds: Int {
    if session.negotiated == nil { return min(limits.packetSeconds, limits.idleSeconds) }
    return session.isBetweenMessages
      ? limits.idleSeconds : max(limits.idleSeconds, limits.messageIdleSeconds)
  }

  private func idleCheck() {
    guard let now = context?.eventLoop.now else { return }
    if session.isSuspended { lastRead = now }
    let end = lastRead + .seconds(Int64(silenceSeconds))
    guard now < end else { return session.fail("silent for too long") }
    // Looked at again as if no message were in hand: it may be over soon.
    armIdleTimer(in: min(end - now, .seconds(Int64(limits.idleSeconds))))
  }

  private func forget() {
    session.connectionDidClose()
    let timers = [idleTimer, packetTimer, deadlineTimer, progressTimer, heldTimer]
    for timer in timers { timer?.cancel() }
    (idleTimer, packetTimer, deadlineTimer, progressTimer) = (nil, nil, nil, nil)
    heldTimer = nil
    context = nil
    output = ByteBuffer()
  }
}
