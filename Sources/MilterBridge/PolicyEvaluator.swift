// A policy's session (RuleVM) in the words of the bridge: facts in, refusals and modifications out.
// It decides nothing itself.

internal import MailEdits
internal import MailMessage
package import MilterWire
package import RuleBytecode
package import RuleVM

/// What the daemon does with a session's trace and decisions; called on the session's thread.
package protocol DecisionLog: Sendable {
  /// The rules have decided about a message, or refused the session or a recipient.
  func decided(_ record: DecisionRecord)
}

/// One line's worth of what happened, and its trace when that is on.
package struct DecisionRecord: Sendable {
  package let sessionID: String
  package let queueID: String?
  package let phase: Phase
  /// Nil: accepted without a verdict.
  package let verdict: Verdict?
  /// What became of the message; nil for a refusal before its end.
  package let outcome: Outcome?
  package let sender: String
  package let recipients: [String]
  package let decisions: Decisions
  package let score: Int64
  package let cost: Int
  package let limits: [String]
  package let refusedEdits: Int
  /// Domains whose DKIM signatures the edits broke.
  package let brokenSignatures: [String]
  /// Mail of ours, which no rule has seen.
  package let isOwn: Bool
  package let trace: [TraceEvent]
}

package final class PolicyEvaluator: PolicyEvaluation {
  let session: PolicySession
  private let sessionID: String
  private let log: any DecisionLog
  private let reads: Content
  var own: OwnMailWatch
  private var queueID: String?
  private var sender = ""
  private(set) var recipients: [String] = []
  private var refusedEdits = 0
  private var brokenSignatures: [String] = []
  /// Somebody was refused before the end of the message.
  private var hasRefused = false
  private var hasEnded = false
  /// What the rules said at the end of the message.
  private var verdict: Verdict?

  /// What of the content the policy reads at all.
  struct Content {
    let header: Bool
    let body: Bool
  }

  package init(
    policy: LoadedPolicy, needs: ProgramNeeds, sessionID: String, types: TypeOracle,
    limits: MachineLimits, isTraced: Bool, observes: Bool = false,
    state: SessionState = SessionState(), markField: String? = nil, log: any DecisionLog,
    now: @escaping () -> Int64
  ) {
    session = PolicySession(
      policy: policy, sessionID: sessionID, limits: limits, types: types, isTraced: isTraced,
      observes: observes, state: state, now: now)
    self.sessionID = sessionID
    self.log = log
    reads = Content(header: needs.readsHeader, body: needs.readsBody || needs.editsBody)
    own = OwnMailWatch(fieldName: needs.keepsState && needs.isStored && !observes ? markField : nil)
  }

  package func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage) {
    let name = name.copied
    let value = value.copied
    if name == [UInt8(ascii: "i")] { queueID = String(decoding: value, as: UTF8.self) }
    session.setMacro(name, value, outlivesMessage: stage == .connect || stage == .helo)
  }

  package func connect(_ facts: ConnectFacts) -> RunOutcome {
    session.set(.clientName, facts.hostName)
    if facts.family == .inet || facts.family == .inet6 {
      session.set(.clientIP, facts.address)
      session.set(.clientDirectIP, facts.address)
      session.set(.clientPort, facts.port == 0 ? "".utf8 : String(facts.port).utf8)
    }
    return outcome(session.connect(), .connect)
  }

  package func helo(_ name: [UInt8]) -> RunOutcome { outcome(session.helo(name), .helo) }

  package func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    sender = String(decoding: path, as: UTF8.self)
    if let question = askAboutEnvelope(path, arguments) { return question }
    return outcome(session.mail(path, arguments: arguments), .mail)
  }

  package func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    recipients.append(String(decoding: path, as: UTF8.self))
    if own.isKnown { return .decided(.proceed) }
    return outcome(session.recipient(path, arguments: arguments), .rcpt)
  }

  package func data() -> RunOutcome {
    own.isKnown ? .decided(.proceed) : outcome(session.data(), .data)
  }

  package func headers(_ message: ReceivedMessage) -> RunOutcome {
    if own.isKnown { return .decided(.proceed) }
    return outcome(session.headers(message.bytes), .headers)
  }

  package func endOfMessage(_ message: ReceivedMessage) -> RunOutcome {
    guard reads.header else { return end(nil) }
    if let question = askAboutMessage(message) { return question }
    return judge(message)
  }

  /// The rules' own end of a message.
  func judge(_ message: ReceivedMessage) -> RunOutcome {
    outcome(session.endOfMessage(message.bytes, isTruncated: message.isTruncated), .eom)
  }

  package func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    if own.asked?.id == id { return learn(answer) }
    if session.awaitsErrands { return session.answerErrands(id, answer).map(ended) }
    return session.answer(id, answer).map { outcome($0, session.phase) }
  }

  package func expireChecks() -> RunOutcome? {
    if own.asked != nil { return learn(.failed(.internal, reason: "timeout")) }
    if session.awaitsErrands { return session.expireErrands().map(ended) }
    return session.expireChecks().map { outcome($0, session.phase) }
  }

  package func earlyRequests() -> [CheckRequest] {
    own.isKnown || own.asked != nil ? [] : session.earlyRequests()
  }

  package func takeDelaySeconds() -> Int { session.takeDelaySeconds() }

  /// Notices of a message that was refused before its end (LANGUAGE.md §3).
  package func leftovers() -> [CheckRequest] {
    hasRefused && !hasEnded ? session.noticeRequests() : []
  }

  package func resetMessage() {
    hasRefused = false
    hasEnded = false
    session.resetMessage()
    own.reset()
    sender = ""
    recipients = []
    queueID = nil
    refusedEdits = 0
    brokenSignatures = []
    verdict = nil
  }

  package var wantsBody: Bool { reads.body }

  // MARK: From verdicts to replies

  func outcome(_ result: RunResult, _ phase: Phase) -> RunOutcome {
    switch result {
    case .waiting(let requests): return .waiting(requests)
    case .decided(let verdict):
      if let verdict, case .trap(let trap) = verdict.cause {
        report(verdict, phase)
        return .failed(Self.failure(trap))
      }
      if phase >= .message { return end(verdict) }
      guard let verdict, verdict.kind != .accept else { return .decided(.proceed) }
      report(verdict, phase)
      hasRefused = true
      if phase == .rcpt, verdict.reach == .recipient { recipients.removeLast() }
      return .decided(Self.decision(verdict))
    }
  }

  private static func decision(_ verdict: Verdict) -> RunDecision {
    switch verdict.kind {
    case .accept: .proceed
    case .discard: .discard
    case .reject, .tempfail: .refuse(reply(verdict))
    }
  }

  private static func reply(_ verdict: Verdict) -> SMTPReply {
    refusal(permanent: verdict.kind == .reject, verdict.reply)
  }

  private static func refusal(permanent: Bool, _ reply: ReplyText?) -> SMTPReply {
    SMTPReply.refusal(
      permanent: permanent, code: reply?.code ?? "", enhanced: reply?.enhanced ?? "",
      text: reply?.text ?? "")
  }

  /// The rules have ended; what must last is made to last before the mail server hears of it.
  private func end(_ verdict: Verdict?) -> RunOutcome {
    self.verdict = verdict
    hasEnded = true
    return ended(session.finish(verdict))
  }

  /// The last word on the message, with all its edits.
  private func ended(_ end: MessageEnd) -> RunOutcome {
    guard case .finished(let outcome) = end else {
      if case .waiting(let requests) = end { return .waiting(requests) }
      return .failed(.internalFault("the end of a message"))
    }
    var decision: MessageDecision
    switch outcome.fate {
    case .accept, .hold:
      let edits = modifications(outcome)
      // Of a message whose end we have not seen the body cannot be written anew.
      if session.isTruncated, edits.contains(where: \.isOfBody) {
        return .failed(.limit(LimitName.messageBytes.name))
      }
      decision = MessageDecision(
        verdict: .accept, modifications: edits + Self.modifications(outcome))
    // Of a message that is quarantined the mail server is rid: it is in our store.
    case .discard, .quarantine: decision = MessageDecision(verdict: .discard)
    case .reject, .tempfail:
      let isPermanent = outcome.fate == .reject
      decision = MessageDecision(
        verdict: .refuse(Self.refusal(permanent: isPermanent, outcome.reply)))
    }
    report(verdict, .eom, outcome)
    return .decided(.finish(decision))
  }

  /// The envelope, and the queue that keeps a held message.
  private static func modifications(_ outcome: Outcome) -> [Modification] {
    let change = outcome.envelope
    var result: [Modification] = []
    if let sender = change.sender {
      result.append(.changeSender("<\(sender)>", arguments: ""))
    }
    for address in change.added { result.append(.addRecipient("<\(address)>", arguments: "")) }
    for index in change.removed {
      let path = String(decoding: outcome.recipients[index].path, as: UTF8.self)
      result.append(.deleteRecipient(path))
    }
    if outcome.fate == .hold { result.append(.quarantine(reason: outcome.holdReason ?? "")) }
    return result
  }

  private func modifications(_ outcome: Outcome) -> [Modification] {
    // Their places depend on no count: each on top of all that is there by then.
    let signatures = session.signatures(for: outcome).reversed().map { field in
      Modification.insertHeader(index: 0, name: field.name, value: field.value)
    }
    let plan = session.editPlan(for: outcome)
    guard let message = session.message, !plan.isEmpty else { return signatures }
    let edited = session.edited(message, by: plan)
    refusedEdits = edited.refusals.count
    brokenSignatures = edited.breaksDKIM
    var result = edited.headerChanges.map(Modification.init)
    if let body = edited.newBody { result.append(.replaceBody(body)) }
    return result + signatures
  }

  func report(_ verdict: Verdict?, _ phase: Phase, _ outcome: Outcome? = nil) {
    log.decided(
      DecisionRecord(
        sessionID: sessionID, queueID: queueID, phase: phase, verdict: verdict, outcome: outcome,
        sender: sender, recipients: recipients, decisions: session.decisions, score: session.score,
        cost: session.fuelUsed, limits: session.limitsHit, refusedEdits: refusedEdits,
        brokenSignatures: brokenSignatures,
        isOwn: own.isConfirmed, trace: session.takeTrace()))
  }

  private static func failure(_ trap: Trap) -> EvaluationFailure {
    switch trap {
    case .outOfFuel(let limit): .fuel(limit: limit)
    case .spaceFull, .tooManyRecords, .recordsTooLong, .tooManyChecks, .tooManyScriptActions,
      .tooManyNames, .tooManyRedirects, .patternLimit, .fieldTooLong:
      .limit(trap.message)
    case .misplaced, .scriptConflict, .badAddress, .badFieldName, .badPattern:
      .internalFault(trap.message)
    }
  }
}

extension Modification {
  fileprivate var isOfBody: Bool {
    if case .replaceBody = self { true } else { false }
  }

  fileprivate init(_ change: HeaderChange) {
    switch change {
    case .add(let name, let value): self = .addHeader(name: name, value: Array(value.utf8))
    case .insert(let index, let name, let value):
      self = .insertHeader(index: index, name: name, value: Array(value.utf8))
    case .change(let name, let occurrence, let value):
      self = .changeHeader(name: name, occurrence: occurrence, value: Array((value ?? "").utf8))
    }
  }
}

extension Span<UInt8> {
  var copied: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for index in indices { result.append(self[index]) }
    return result
  }
}
