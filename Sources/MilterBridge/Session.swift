// One connection of an MTA: events in, replies out when they are ready. It keeps the order of the
// protocol, the verdicts that are owed, and the message's bytes; rules are the evaluation's, bytes
// on the wire the front end's. The MTA is not trusted to keep the order; the evaluation is trusted
// to call itself decided or waiting truthfully, but not to succeed.
//
// A run that waits suspends the session: later events queue, RSET cuts the message out of the
// queue, and an answer that comes too late finds its ticket void.

package import Logging
internal import MailMessage
package import MilterWire
package import RuleVM

package final class Session {
  /// Where in the protocol the connection is; within a message each step may only go forward.
  enum Position: Int, Comparable {
    case start, negotiated, connected, greeted
    case mail, recipient, data, header, endOfHeaders, body

    static func < (one: Position, other: Position) -> Bool { one.rawValue < other.rawValue }
  }

  /// Runs of the policy, which are also the commands that get replies.
  package enum Stage: UInt8, Sendable, Comparable {
    case connect, helo, mail, recipient, data, headers, endOfMessage

    package static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }

    var isOfMessage: Bool {
      switch self {
      case .connect, .helo: false
      case .mail, .recipient, .data, .headers, .endOfMessage: true
      }
    }
  }

  let policy: SessionPolicy
  let limits: BridgeLimits
  let identity: String
  let log: Logger
  /// What all sessions take up; nil where nobody counts.
  let load: SessionLoad?
  private let admission: Admission
  /// The client is on this host.
  var isOfThisHost = false
  /// Bytes of the message that `load` knows of.
  private var countedBytes = 0
  /// Set once by the front end that owns this session, and outlives it.
  package unowned var transport: (any SessionTransport)?

  var evaluation: (any PolicyEvaluation)?
  package internal(set) var negotiated: NegotiationAnswer?
  var position = Position.start
  /// The run that waits.
  var suspended: Stage?
  var queue = EventQueue()
  package internal(set) var isEnded = false
  /// The deadline of what waits has passed: further checks are not started.
  var isExpired = false
  /// What must last got time of its own behind that deadline.
  var isProlonged = false
  private var expiryRounds = 0
  /// What the suspended run decided, while its reply is held back (`delay`).
  var heldDecision: RunDecision?
  /// Tells the latest reply that was held back from those before it.
  var heldNumber: UInt32 = 0

  /// What every message of this SMTP session gets, and the run that said so.
  var sessionVerdict: (reply: SMTPReply, stage: Stage)?
  /// What this message gets, decided before its end.
  var messageVerdict: MessageDecision.Verdict?
  var message: MessageBuffer
  /// The mail server has the last word on it.
  var isAnswered = false
  /// Where the run at hand, or the one that waits, is written down.
  private var handPlace = HandPlace.none
  var answerLog = AnswerLog()
  /// The latest queue id, for who reads what was in hand.
  private var queueID: String?
  var sessionNumber: UInt32 = 0
  var messageNumber: UInt32 = 0

  package init(
    policy: SessionPolicy, limits: BridgeLimits, identity: String, log: Logger,
    buffers: BufferPool = BufferPool(), load: SessionLoad? = nil, admission: Admission = .full
  ) {
    self.policy = policy
    self.limits = limits
    self.identity = identity
    self.log = log
    self.load = load
    self.admission = admission
    message = MessageBuffer(bytesMax: limits.messageBytesMax, pool: buffers)
  }

  package var isSuspended: Bool { suspended != nil }
  /// Bytes of events that wait.
  package var queuedBytes: Int { queue.bytes }
  /// No message is in hand: the connection may be closed without losing one.
  package var isBetweenMessages: Bool {
    suspended == nil && position <= .greeted
  }

  /// Takes an event: handles it, or keeps it while a run waits.
  package func handle(_ event: MilterCommand) {
    guard !isEnded else { return }
    guard let stage = suspended else { return process(event) }
    switch event {
    case .quit:
      process(event)
    case .abort:
      cutMessageOut(suspendedAt: stage)
    default:
      queue.append(event)
    }
  }

  /// The answer to a check that `transport` was asked to start.
  package func answer(_ ticket: CheckTicket, _ answer: CheckAnswer) {
    guard !isEnded, isCurrent(ticket) else { return }
    if policy.hands != nil { answerLog.answered(ticket.id, answer) }
    guard let outcome = evaluation?.answer(ticket.id, answer) else { return }
    resume(outcome)
  }

  /// The time for what waits is over: the checks it waits for have failed.
  package func expire() {
    guard !isEnded, suspended != nil else { return }
    isExpired = true
    advance()
  }

  /// The connection is gone: everything of it is forgotten.
  package func connectionDidClose() {
    guard !isEnded else { return }
    isEnded = true
    forgetSession()
  }

  /// The time of a reply that was held back is over.
  package func releaseReply(number: UInt32) {
    guard !isEnded, number == heldNumber, let decision = takeHeld() else { return }
    resume(.decided(decision))
  }

  private func takeHeld() -> RunDecision? {
    defer { heldDecision = nil }
    return heldDecision
  }

  private func resume(_ outcome: RunOutcome) {
    guard let stage = suspended else { return }
    suspended = nil
    settle(stage, outcome)
    advance()
  }

  /// Handles what came while a run waited, until one waits again that may.
  private func advance() {
    while !isEnded {
      if let stage = suspended {
        guard isExpired else { return }
        expireOnce(stage)
      } else if let event = queue.removeFirst() {
        process(event)
      } else {
        isExpired = false
        transport?.sessionDidResume()
        return
      }
    }
  }

  /// The evaluation may ask for further checks again and again: in vain, and not for ever.
  private func expireOnce(_ stage: Stage) {
    expiryRounds += 1
    let isOver = expiryRounds > limits.expiryRoundsMax
    let held = takeHeld().map { RunOutcome.decided($0) }
    let outcome = held ?? (isOver ? nil : evaluation?.expireChecks())
    suspended = nil
    settle(stage, outcome ?? .failed(.limit("deadline")))
    if suspended == nil { expiryRounds = 0 }
  }

  /// RSET while a run waits: of the message nothing remains, in the queue or waiting. What was
  /// asked before it (HELO) is still answered.
  private func cutMessageOut(suspendedAt stage: Stage) {
    if stage.isOfMessage {
      queue.removeAll()
      suspended = nil
      heldDecision = nil
      process(.abort)
      advance()
    } else {
      queue.removeMessage()
    }
  }

  /// Starts, or starts again on a kept connection, with a fresh evaluation.
  func beginSession() {
    isOfThisHost = false
    position = .negotiated
    if admission == .turnedAway {
      turnAway()
    } else {
      evaluation = policy.makeEvaluation(identity)
      sessionVerdict = nil
    }
  }

  /// RFC 3463 X.3.2: the system does not accept messages now.
  static let overloadReply = SMTPReply.refusal(
    permanent: false, code: "451", enhanced: "4.3.2", text: "Too busy, please try again later")

  /// Every message of the session gets the answer of overload, unread.
  func turnAway() {
    evaluation = nil
    sessionVerdict = limits.overload == .tempfail ? (Self.overloadReply, .connect) : nil
  }

  func negotiate(_ offer: NegotiationOffer) {
    let answer = policy.needs.admitted(admission).answer(to: offer)
    negotiated = answer
    beginSession()
    transport?.send(.negotiated(answer))
  }

  /// The client is known: what is reserved for those on this host, others do not get.
  func admit(_ facts: ConnectFacts) {
    guard let load else { return }
    isOfThisHost = load.isOfThisHost(facts)
    guard admission == .reserved, !isOfThisHost else { return }
    load.noteTurnedAway()
    turnAway()
  }

  /// A message begins: whether there is memory for it. One that has begun is finished.
  func admitMessage() {
    guard let load, !load.hasMemory(isOfThisHost: isOfThisHost), evaluation != nil else { return }
    load.noteTurnedAway()
    messageVerdict = limits.overload == .tempfail ? .refuse(Self.overloadReply) : .accept
  }

  /// Tells of the bytes of the message, now and then and when it is over.
  func countBytes() {
    guard let load else { return }
    let difference = message.heldBytes - countedBytes
    guard difference >= Self.countedStepBytes || difference < 0 else { return }
    load.change(by: difference)
    countedBytes += difference
  }

  private static let countedStepBytes = 4_096

  // MARK: In hand

  func note(queueID: Span<UInt8>) {
    if policy.hands != nil { self.queueID = String(decoding: queueID.copied, as: UTF8.self) }
  }

  /// Writes down what the policy is about to see. False when that has ended the process before.
  func takeInHand(_ stage: Stage, _ input: Span<UInt8>, size: Int) -> Bool {
    guard let hands = policy.hands else { return true }
    letGo()
    let mark = HandMark(input, step: stage.rawValue, size: size, key: hands.key)
    handPlace = hands.take(mark, name: queueID ?? identity) { facts(stage) }
    return handPlace != .poison
  }

  /// What is known at that run, its message with it.
  func facts(_ stage: Stage) -> SessionFacts? {
    var facts = evaluation?.facts
    facts?.stage = stage
    facts?.answers = answerLog.given
    if stage >= .headers { facts?.message = message.received }
    return facts
  }

  func letGo() {
    if case .held = handPlace { policy.hands?.leave(handPlace) }
    handPlace = .none
  }

  /// Of the SMTP session nothing remains.
  func forgetSession() {
    queue.removeAll()
    suspended = nil
    heldDecision = nil
    endMessage()
    evaluation = nil
    sessionVerdict = nil
    answerLog.removeAll()
    sessionNumber &+= 1
    dropChecks()
  }

  /// Of the message nothing remains; the session goes on.
  func endMessage() {
    if isAbandoned { load?.noteAbandoned() }
    if position > .greeted { position = .greeted }
    start(evaluation?.leftovers() ?? [], .endOfMessage)
    messageNumber &+= 1
    messageVerdict = nil
    isAnswered = false
    letGo()
    queueID = nil
    evaluation?.resetMessage()
    answerLog.endMessage()
    message.reset()
    countBytes()
    dropChecks()
  }

  /// Its content has begun, and nothing was said of it yet.
  private var isAbandoned: Bool {
    position.rawValue >= Position.data.rawValue && !isAnswered && evaluation != nil
      && messageVerdict == nil && sessionVerdict == nil
  }

  /// What was asked for a message or a session that is over.
  private func dropChecks() {
    transport?.dropChecks { self.isCurrent($0) }
  }

  private func isCurrent(_ ticket: CheckTicket) -> Bool {
    ticket.sessionNumber == sessionNumber
      && (ticket.messageNumber == nil || ticket.messageNumber == messageNumber)
  }

  func end(_ end: SessionEnd) {
    guard !isEnded else { return }
    isEnded = true
    forgetSession()
    transport?.sessionDidEnd(end)
  }

  /// The MTA broke the protocol: one line, and the connection ends; the MTA tempfails.
  package func fail(_ problem: String) {
    guard !isEnded else { return }
    log.warning("connection closed: \(problem)", metadata: ["session": "\(identity)"])
    end(.fault)
  }
}
