// The evaluation under its observer's eyes: times, and a record of each fate. A fate is told when
// the mail server has its answer, since until then the session can still give the message up.

internal import RuleBytecode
internal import RuleVM

extension PolicyEvaluator {
  // MARK: Beginning and end

  func beginWatching() {
    guard let watch else { return }
    watch.observer.sessionBegan()
    session.isTraced = watch.isTraced
    session.keepsMatches = watch.wishes.contains(.matches)
    if watch.wishes.contains(.rules) { session.measureRules(times: watch.timesRules) }
  }

  func endWatching() {
    tellUses()
    watch?.observer.sessionEnded()
  }

  func watchConnect() {
    watch?.connected(session.text(of: .clientIP))
    session.isTraced = watch?.isTraced ?? false
  }

  func watchMail() {
    watch?.mailBegan(sender)
    guard let watch else { return }
    session.isTraced = watch.isTraced
    if watch.wishes.contains(.rules) { session.measureRules(times: watch.timesRules) }
  }

  // MARK: Times

  /// Runs a phase and measures how long the mail server waits for it.
  func watched(_ phase: Phase, _ body: () -> RunOutcome) -> RunOutcome {
    guard watch != nil else { return body() }
    watch?.begin(phase)
    return noted(body())
  }

  func noted(_ outcome: RunOutcome) -> RunOutcome {
    guard watch != nil else { return outcome }
    switch outcome {
    case .waiting(let requests): watch?.asked(requests)
    case .decided:
      watch?.end()
      tellRefusals()
    case .failed: watch?.end()
    }
    return outcome
  }

  // MARK: Fates

  /// What became of the message, or who was refused.
  func report(_ verdict: Verdict?, _ phase: Phase, _ outcome: Outcome? = nil) {
    guard watch != nil else { return }
    let place = untold.count
    untold.append(record(phase))
    untold[place].verdict = verdict
    untold[place].outcome = outcome
  }

  package func gaveUp(_ problem: String) {
    guard watch != nil else { return }
    // What the rules said of the message is void.
    untold.removeAll()
    var record = record(session.phase >= .message ? .eom : session.phase)
    record.verdict = trapped
    record.problem = problem
    trapped = nil
    untold.append(record)
    if record.phase < .mail { tellRefusals() }
  }

  private func tellRefusals() {
    guard !untold.isEmpty, untold.allSatisfy({ !$0.isOfMessage }) else { return }
    tell()
  }

  /// The message is over.
  func tellEnd() {
    if !untold.isEmpty { tell() }
    tellUses()
    _ = session.takeMatches()
    _ = session.takeTrace()
    watch?.resetMessage()
  }

  private func tell() {
    guard let watch else { return }
    for index in untold.indices {
      untold[index].nanoseconds = watch.nanoseconds
      untold[index].checks = watch.checks
      watch.observer.decided(untold[index])
    }
    untold.removeAll(keepingCapacity: true)
  }

  private func tellUses() {
    guard let watch, watch.wishes.contains(.rules) else { return }
    let uses = session.takeRuleUses()
    guard !uses.isEmpty else { return }
    watch.observer.used(uses, timeScale: Int64(SessionWatch.messagesPerTimed))
  }

  private func record(_ phase: Phase) -> DecisionRecord {
    var record = DecisionRecord()
    record.sessionID = sessionID
    record.queueID = queueID
    record.phase = phase
    record.cost = session.fuelUsed
    record.client.address = session.text(of: .clientIP)
    record.client.name = session.text(of: .clientName)
    record.client.helo = session.text(of: .helo)
    record.client.login = session.text(of: .authUser)
    record.sender = sender
    // A recipient's own refusal is about that one alone.
    record.recipients = phase == .rcpt ? Array(recipients.suffix(1)) : recipients
    record.direction = phase >= .rcpt ? session.direction : nil
    record.sizeBytes = phase >= .mail ? session.sizeBytes : nil
    record.messageID = session.decodedField("message-id")
    record.quarantineID = session.text(of: .quarantineID)
    record.decisions = session.decisions
    if !record.decisions.events.isEmpty || wishesMatches {
      record.subject = session.decodedField("subject")
    }
    record.score = session.score
    record.limits = session.limitsHit
    record.refusedEdits = refusedEdits
    record.brokenSignatures = brokenSignatures
    record.isOwn = own.isConfirmed
    record.image = session.policy.imageName
    if wishesMatches { record.matches = session.takeMatches() }
    takeTrace(into: &record)
    return record
  }

  private var wishesMatches: Bool { watch?.wishes.contains(.matches) ?? false }

  private func takeTrace(into record: inout DecisionRecord) {
    guard let watch, watch.isTraced else { return }
    let bare = recipients.map(AddressParserText.bare)
    // A recipient that is refused is none of the message's any more.
    let recipient = session.text(of: .rcpt)
    let isWanted = watch.messageSelection.holds(
      recipients: recipient.isEmpty ? bare : bare + [recipient], rules: record.decisions.rules)
    if isWanted { record.trace = session.takeTrace() }
  }
}
