// The live evaluation of a session that a shadow sees: everything goes through unchanged, and is
// noted. What is noted is handed over when a message is over; nobody waits for what becomes of it.
internal import Logs
internal import MilterBridge
internal import MilterWire
internal import RuleBytecode
internal import RuleVM
internal import Synchronization

/// Sees the fates of one session before those who watch all of them.
final class FateWitness: VerdictObserver {
  private let observer: any VerdictObserver
  private let records = Mutex<[DecisionRecord]>([])

  init(_ observer: any VerdictObserver) { self.observer = observer }

  var wishes: ObserverWishes { observer.wishes }
  var traceSelection: TraceSelection { observer.traceSelection }
  func nextMessageNumber() -> Int { observer.nextMessageNumber() }
  func sessionBegan() { observer.sessionBegan() }
  func sessionEnded() { observer.sessionEnded() }
  func ran(_ phase: Phase, nanoseconds: Int64) { observer.ran(phase, nanoseconds: nanoseconds) }
  func used(_ rules: [RuleUse], timeScale: Int64) { observer.used(rules, timeScale: timeScale) }

  func decided(_ record: DecisionRecord) {
    records.withLock { $0.append(record) }
    observer.decided(record)
  }

  func take() -> [DecisionRecord] {
    records.withLock { records in
      defer { records = [] }
      return records
    }
  }
}

final class ShadowedEvaluation: PolicyEvaluation {
  private let live: PolicyEvaluator
  private let witness: FateWitness
  private let shadow: ShadowDesk
  private let sessionID: String
  /// Of the session, and of the message at hand.
  private var prologue: [ShadowEvent] = []
  private var events: [ShadowEvent] = []
  private var open: [UInt32: Asked] = [:]
  private var sessionAnswers: [SharedAnswer] = []
  private var messageAnswers: [SharedAnswer] = []
  private var isInMessage = false

  private struct Asked {
    let request: CheckRequest
    /// By the message at hand; else by what each of the session's messages begins with.
    let isOfMessage: Bool
  }

  /// Answers that are kept of a session and of a message each: what is beyond is asked again.
  private static let answersMax = 200

  init(_ live: PolicyEvaluator, _ witness: FateWitness, _ shadow: ShadowDesk, sessionID: String) {
    self.live = live
    self.witness = witness
    self.shadow = shadow
    self.sessionID = sessionID
  }

  // A refusal at connect or HELO has no message that ends.
  deinit { handOver() }

  func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage) {
    let event = ShadowEvent.macro(Self.copy(name), Self.copy(value), stage)
    if stage == .connect || stage == .helo { prologue.append(event) } else { events.append(event) }
    live.setMacro(name, value, stage: stage)
  }

  private static func copy(_ span: Span<UInt8>) -> [UInt8] {
    span.indices.map { span[$0] }
  }

  func connect(_ facts: ConnectFacts) -> RunOutcome {
    prologue.append(.connect(facts))
    return noted(live.connect(facts))
  }

  func helo(_ name: [UInt8]) -> RunOutcome {
    prologue.append(.helo(name))
    return noted(live.helo(name))
  }

  func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    isInMessage = true
    events.append(.mail(path, arguments))
    return noted(live.mail(path, arguments: arguments))
  }

  func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    events.append(.recipient(path, arguments))
    return noted(live.recipient(path, arguments: arguments))
  }

  func data() -> RunOutcome {
    events.append(.data)
    return noted(live.data())
  }

  func headers(_ message: ReceivedMessage) -> RunOutcome {
    events.append(.headers(message))
    return noted(live.headers(message))
  }

  func endOfMessage(_ message: ReceivedMessage) -> RunOutcome {
    events.append(.end(message))
    return noted(live.endOfMessage(message))
  }

  func poisoned(atEndOfMessage: Bool) -> RunOutcome {
    // It is not looked at by anybody.
    events = []
    isInMessage = false
    return live.poisoned(atEndOfMessage: atEndOfMessage)
  }

  func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    if let asked = open.removeValue(forKey: id) { keep(SharedAnswer(asked.request, answer), asked) }
    return live.answer(id, answer).map(noted)
  }

  func expireChecks() -> RunOutcome? { live.expireChecks().map(noted) }
  func takeDelaySeconds() -> Int { live.takeDelaySeconds() }

  func earlyRequests() -> [CheckRequest] {
    let requests = live.earlyRequests()
    note(requests)
    return requests
  }

  var wantsBody: Bool { live.wantsBody || shadow.wantsBody }
  func leftovers() -> [CheckRequest] { live.leftovers() }
  func gaveUp(_ problem: String) { live.gaveUp(problem) }
  var facts: SessionFacts? { live.facts }

  func resetMessage() {
    live.resetMessage()
    handOver()
  }

  /// What one message was told of itself must not be said of the next.
  private func keep(_ answer: SharedAnswer, _ asked: Asked) {
    if asked.isOfMessage, !answer.holdsForSession {
      if messageAnswers.count < Self.answersMax { messageAnswers.append(answer) }
    } else if sessionAnswers.count < Self.answersMax {
      sessionAnswers.append(answer)
    }
  }

  private func noted(_ outcome: RunOutcome) -> RunOutcome {
    if case .waiting(let requests) = outcome { note(requests) }
    return outcome
  }

  private func note(_ requests: [CheckRequest]) {
    // What is carried out is nobody's answer.
    for request in requests where request.kind != .errands {
      open[request.id] = Asked(request: request, isOfMessage: isInMessage)
    }
  }

  /// Of the message, or of the session that was refused before one, nothing more will come.
  private func handOver() {
    let records = witness.take()
    let answers = sessionAnswers + messageAnswers
    defer {
      events = []
      messageAnswers = []
      open = open.filter { !$0.value.isOfMessage }
      isInMessage = false
    }
    guard isInMessage || !records.isEmpty, !records.contains(where: \.isOwn) else { return }
    shadow.put(
      ShadowJob(
        sessionID: sessionID, events: prologue + events, answers: answers,
        live: ShadowFate(records)))
  }
}
