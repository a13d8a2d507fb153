// What a run led to becomes a reply: at once, later (a connect verdict), or never (where the MTA
// awaits none). At the end of a message changes and verdict are checked first and go out together.

internal import Logging
internal import MilterWire
internal import RuleBytecode
internal import RuleVM

extension Session {
  /// 451 4.3.0: our fault, RFC 3463 "other or undefined mail system status".
  static let failureReply = SMTPReply.refusal(
    permanent: false, code: "451", enhanced: "4.3.0",
    text: "Mail filter failed, please try again later")

  /// Runs a phase unless its outcome is settled already.
  func run(
    _ stage: Stage, about input: [[UInt8]] = [], _ body: (any PolicyEvaluation) -> RunOutcome
  ) {
    guard owedVerdict == nil, let evaluation else { return answerOwed(stage) }
    let words = policy.hands == nil ? [] : Array(input.joined(separator: [0]))
    guard takeInHand(stage, words.span, size: words.count) else {
      return settle(stage, evaluation.poisoned(atEndOfMessage: false))
    }
    settle(stage, body(evaluation))
  }

  /// The same for a run that sees the message.
  func runOverMessage(_ stage: Stage, _ body: (any PolicyEvaluation) -> RunOutcome) {
    guard owedVerdict == nil, let evaluation else { return answerOwed(stage) }
    let received = message.received
    guard takeInHand(stage, received.bytes.span, size: received.sizeBytes) else {
      return settle(stage, evaluation.poisoned(atEndOfMessage: stage == .endOfMessage))
    }
    settle(stage, body(evaluation))
  }

  /// What this message gets without asking the policy any further.
  private var owedVerdict: MessageDecision.Verdict? {
    messageVerdict ?? sessionVerdict.map { .refuse($0.reply) }
  }

  /// The message at hand, or the session, has been refused: the mail server may have dropped it.
  var isSettled: Bool { owedVerdict != nil }

  /// The same as a reply to the command at hand.
  var owedReply: MilterReply? { owedVerdict?.reply }

  private func answerOwed(_ stage: Stage) {
    if stage == .endOfMessage { return finish(owedVerdict ?? .accept) }
    reply(stage, owedReply ?? .proceed)
  }

  /// Acts on what a run led to.
  func settle(_ stage: Stage, _ outcome: RunOutcome) {
    switch outcome {
    case .waiting(let requests):
      suspended = stage
      if isExpired, !prolong(stage, requests) { return }
      start(requests, stage)
      transport?.sessionDidSuspend(atEndOfMessage: stage == .endOfMessage)
    case .decided(let decision):
      letGo()
      if stage != .endOfMessage { start(evaluation?.earlyRequests() ?? [], stage) }
      let seconds = evaluation?.takeDelaySeconds() ?? 0
      if seconds > 0, !isExpired {
        hold(decision, stage, seconds)
      } else {
        decide(stage, decision)
      }
    case .failed(let failure):
      letGo()
      giveUp(stage, "\(failure)")
    }
  }

  /// Rules that took all the time must not cost the message its place in a store: once, errands get
  /// a deadline of their own.
  private func prolong(_ stage: Stage, _ requests: [CheckRequest]) -> Bool {
    guard stage == .endOfMessage, !isProlonged, requests.contains(where: { $0.kind == .errands })
    else { return false }
    isProlonged = true
    isExpired = false
    transport?.sessionDidResume()
    return true
  }

  func start(_ requests: [CheckRequest], _ stage: Stage) {
    for request in requests {
      let ticket = CheckTicket(
        id: request.id, sessionNumber: sessionNumber,
        messageNumber: stage.isOfMessage ? messageNumber : nil)
      if policy.hands != nil {
        answerLog.asked(request, isOfMessage: ticket.messageNumber != nil)
      }
      transport?.startCheck(request, ticket)
    }
  }

  /// The session waits as for a check, with the deadline of the command; so a delay never costs the
  /// client more than that, whatever else the command waited for.
  private func hold(_ decision: RunDecision, _ stage: Stage, _ seconds: Int) {
    suspended = stage
    heldDecision = decision
    heldNumber &+= 1
    transport?.sessionDidSuspend(atEndOfMessage: stage == .endOfMessage)
    transport?.sessionDidHoldReply(number: heldNumber, seconds: seconds)
  }

  private func decide(_ stage: Stage, _ decision: RunDecision) {
    switch (stage, decision) {
    case (.endOfMessage, .finish(let decision)): finish(decision.verdict, decision.modifications)
    case (.endOfMessage, .proceed): finish(.accept)
    case (.endOfMessage, .refuse(let reply)): finish(.refuse(reply))
    case (.endOfMessage, .discard): finish(.discard)
    case (_, .finish): giveUp(stage, "a message was finished in \(stage)")
    case (.headers, .proceed):
      message.wantsBody = policy.needs.body && (evaluation?.wantsBody ?? false)
      reply(stage, .proceed)
    case (_, .proceed): reply(stage, stage == .helo ? owedReply ?? .proceed : .proceed)
    case (.connect, .refuse(let reply)), (.helo, .refuse(let reply)):
      sessionVerdict = (reply, stage)
      self.reply(stage, .refuse(reply))
    case (.connect, .discard), (.helo, .discard):
      giveUp(stage, "discard in \(stage), where there is no message")
    case (.recipient, .refuse(let refusal)):
      // Without a reply the MTA keeps the recipient: then the whole message must go.
      if has(.noReplyRCPT) { messageVerdict = .refuse(refusal) }
      reply(stage, .refuse(refusal))
    case (_, .refuse(let refusal)):
      messageVerdict = .refuse(refusal)
      reply(stage, .refuse(refusal))
    case (_, .discard):
      messageVerdict = .discard
      reply(stage, .discard)
    }
  }

  /// Our own failure: tempfail for the message (at connect or HELO: for the session), and a line.
  func giveUp(_ stage: Stage, _ problem: String) {
    log.error(
      "policy failed: \(problem)",
      metadata: ["session": "\(identity)", "stage": "\(stage)"])
    if let hands = policy.hands, let facts = facts(stage) { hands.failed(facts, problem: problem) }
    evaluation?.gaveUp(problem)
    let refusal = Self.failureReply
    switch stage {
    case .connect, .helo:
      sessionVerdict = (refusal, stage)
      reply(stage, .refuse(refusal))
    case .endOfMessage:
      finish(.refuse(refusal))
    case .mail, .recipient, .data, .headers:
      messageVerdict = .refuse(refusal)
      reply(stage, .refuse(refusal))
    }
  }

  /// Sends a reply where the MTA awaits one. A connect is always answered "continue": milter has no
  /// text there, and HELO or MAIL will say it.
  private func reply(_ stage: Stage, _ reply: MilterReply) {
    let (noReply, sent): (ProtocolSteps, MilterReply) =
      switch stage {
      case .connect: (.noReplyConnect, .proceed)
      case .helo: (.noReplyHELO, reply)
      case .mail: (.noReplyMAIL, reply)
      case .recipient: (.noReplyRCPT, reply)
      case .data: (.noReplyDATA, reply)
      case .headers: (.noReplyEndOfHeaders, reply)
      case .endOfMessage: ([], reply)
      }
    if noReply.isEmpty || !has(noReply) { transport?.send(sent) }
  }

  /// The end of a message: all changes, then the verdict; or, when one of them cannot be sent
  /// safely, none and tempfail.
  private func finish(
    _ verdict: MessageDecision.Verdict, _ modifications: [Modification] = []
  ) {
    if verdict == .accept {
      do {
        for change in try checked(modifications) { transport?.send(.modification(change)) }
      } catch {
        return giveUp(.endOfMessage, "a change cannot be made: \(error)")
      }
    }
    transport?.send(verdict.reply ?? .proceed)
    isAnswered = true
    endMessage()
  }

  private func checked(_ modifications: [Modification]) throws(WireError) -> [Modification] {
    guard let negotiated else { return [] }
    var all: [Modification] = []
    all.reserveCapacity(modifications.count)
    for change in modifications {
      all.append(try change.checked(actions: negotiated.actions, steps: negotiated.steps))
    }
    return all
  }
}

extension MessageDecision.Verdict {
  /// Nil for accept: said as "continue" at the end, so that filters after us see the message too.
  fileprivate var reply: MilterReply? {
    switch self {
    case .accept: nil
    case .refuse(let reply): .refuse(reply)
    case .discard: .discard
    }
  }
}
