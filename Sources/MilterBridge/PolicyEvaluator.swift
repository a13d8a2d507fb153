// A policy's session (RuleVM) in the words of the bridge: facts in, refusals and modifications out.
// It decides nothing itself.

internal import MailEdits
internal import MailMessage
package import MilterWire
package import RuleBytecode
package import RuleVM

package final class PolicyEvaluator: PolicyEvaluation {
  let session: PolicySession
  let sessionID: String
  /// Nil while nobody watches.
  var watch: SessionWatch?
  /// What is to be told when the mail server has its answer.
  var untold: [DecisionRecord] = []
  private let reads: Content
  var own: OwnMailWatch
  private(set) var queueID: String?
  private(set) var sender = ""
  private(set) var recipients: [String] = []
  private(set) var refusedEdits = 0
  private(set) var brokenSignatures: [String] = []
  /// Somebody was refused before the end of the message.
  private var hasRefused = false
  private var hasEnded = false
  /// What the rules said at the end of the message.
  private(set) var verdict: Verdict?
  /// The run was given up for this.
  var trapped: Verdict?

  /// What of the content the policy reads at all.
  struct Content {
    let header: Bool
    let body: Bool
  }

  package init(
    policy: LoadedPolicy, needs: ProgramNeeds, sessionID: String, types: TypeOracle,
    limits: MachineLimits, observes: Bool = false,
    state: SessionState = SessionState(), markField: String? = nil,
    observer: (any VerdictObserver)? = nil, now: @escaping () -> Int64
  ) {
    session = PolicySession(
      policy: policy, sessionID: sessionID, limits: limits, types: types,
      observes: observes, state: state, now: now)
    self.sessionID = sessionID
    watch = observer.map { SessionWatch($0) }
    reads = Content(header: needs.readsHeader, body: needs.readsBody || needs.editsBody)
    own = OwnMailWatch(fieldName: needs.keepsState && needs.isStored && !observes ? markField : nil)
    if watch != nil { beginWatching() }
  }

  deinit {
    if watch != nil { endWatching() }
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
    if watch != nil { watchConnect() }
    return watched(.connect) { outcome(session.connect(), .connect) }
  }

  package func helo(_ name: [UInt8]) -> RunOutcome {
    watched(.helo) { outcome(session.helo(name), .helo) }
  }

  package func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    sender = String(decoding: path, as: UTF8.self)
    if watch != nil { watchMail() }
    return watched(.mail) {
      askAboutEnvelope(path, arguments)
        ?? outcome(session.mail(path, arguments: arguments), .mail)
    }
  }

  package func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    recipients.append(String(decoding: path, as: UTF8.self))
    if own.isKnown { return .decided(.proceed) }
    return watched(.rcpt) { outcome(session.recipient(path, arguments: arguments), .rcpt) }
  }

  package func data() -> RunOutcome {
    own.isKnown ? .decided(.proceed) : watched(.data) { outcome(session.data(), .data) }
  }

  package func headers(_ message: ReceivedMessage) -> RunOutcome {
    if own.isKnown { return .decided(.proceed) }
    return watched(.headers) { outcome(session.headers(message.bytes), .headers) }
  }

  package func endOfMessage(_ message: ReceivedMessage) -> RunOutcome {
    watched(.eom) {
      guard reads.header else { return end(nil) }
      return askAboutMessage(message) ?? judge(message)
    }
  }

  /// The rules' own end of a message.
  func judge(_ message: ReceivedMessage) -> RunOutcome {
    outcome(session.endOfMessage(message.bytes, isTruncated: message.isTruncated), .eom)
  }

  package func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    watch?.answered(id, answer)
    return proceed(id, answer).map(noted)
  }

  private func proceed(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    if own.asked?.id == id { return learn(answer) }
    if session.awaitsErrands { return session.answerErrands(id, answer).map(ended) }
    return session.answer(id, answer).map { outcome($0, session.phase) }
  }

  package func expireChecks() -> RunOutcome? { expire().map(noted) }

  private func expire() -> RunOutcome? {
    if own.asked != nil { return learn(.failed(.internal, reason: "timeout")) }
    if session.awaitsErrands { return session.expireErrands().map(ended) }
    return session.expireChecks().map { outcome($0, session.phase) }
  }

  package func earlyRequests() -> [CheckRequest] {
    guard !own.isKnown, own.asked == nil else { return [] }
    let requests = session.earlyRequests()
    if !requests.isEmpty { watch?.asked(requests) }
    return requests
  }

  package func takeDelaySeconds() -> Int { session.takeDelaySeconds() }

  /// Notices of a message that was refused before its end (LANGUAGE.md §3).
  package func leftovers() -> [CheckRequest] {
    hasRefused && !hasEnded ? session.noticeRequests() : []
  }

  package func resetMessage() {
    if watch != nil { tellEnd() }
    trapped = nil
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
        trapped = verdict
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
