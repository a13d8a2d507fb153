// One message played to the shadow's policy. Nothing that it decides is carried out: what must last
// is answered as if it had been done, and no check may write.
internal import Logs
internal import MilterBridge
internal import MilterWire
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Synchronization

/// What one run of the machine led to.
enum ShadowStep: Sendable {
  case asks([CheckRequest])
  case over(ShadowFate)
}

/// The evaluation, on whatever thread has it at the time.
final class ShadowRun: Sendable {
  private final class Collector: VerdictObserver {
    let records = Mutex<[DecisionRecord]>([])

    func decided(_ record: DecisionRecord) { records.withLock { $0.append(record) } }
  }

  private struct State {
    let evaluator: PolicyEvaluator
    var events: ArraySlice<ShadowEvent>
    var runs = 0
  }

  private let state: Mutex<State>
  private let collector: Collector
  private let answers: [SharedAnswer]

  /// Answers that one message may wait for, so that it ends whatever a policy asks.
  private static let runsMax = 5_000

  init(
    _ job: ShadowJob, _ policy: LoadedPolicy, _ needs: ProgramNeeds, _ types: TypeOracle,
    switches: [String: String]
  ) {
    let collector = Collector()
    var session = SessionState()
    session.newQuarantineID = { QuarantineID.make(nowSeconds: WallClock.seconds) }
    session.switches = switches
    let evaluator = PolicyEvaluator(
      policy: policy, needs: needs, sessionID: job.sessionID, types: types,
      limits: MachineLimits(), state: session, observer: collector,
      now: { WallClock.seconds })
    self.collector = collector
    answers = job.answers
    state = Mutex(State(evaluator: evaluator, events: job.events[...]))
  }

  /// Plays on from the beginning.
  func begin() -> ShadowStep { state.withLock { advance(&$0, nil) } }

  /// Goes on with answers that were asked.
  func resume(_ given: [(UInt32, CheckAnswer)]) -> ShadowStep {
    state.withLock { state in
      var outcome: RunOutcome?
      for (id, answer) in given { outcome = state.evaluator.answer(id, answer) ?? outcome }
      return advance(&state, outcome ?? state.evaluator.expireChecks())
    }
  }

  /// The time is up: what is not answered has failed.
  func expire() -> ShadowStep {
    state.withLock { state in advance(&state, state.evaluator.expireChecks()) }
  }

  /// - Parameter outcome: of the run that waited; nil when none did.
  private func advance(_ state: inout State, _ outcome: RunOutcome?) -> ShadowStep {
    var outcome = outcome
    while true {
      switch outcome {
      case .waiting(let requests):
        state.runs += 1
        guard state.runs <= Self.runsMax else { return over(&state, "it asks without end") }
        let known = requests.compactMap { request in
          answer(to: request).map { (request.id, $0) }
        }
        let open = requests.filter { request in !known.contains { $0.0 == request.id } }
        outcome = nil
        for (id, answer) in known { outcome = state.evaluator.answer(id, answer) ?? outcome }
        if outcome == nil { return .asks(open) }
      case .failed(let failure): return over(&state, "\(failure)")
      case .decided(let decision):
        if ends(decision) { return over(&state, nil) }
        outcome = next(&state)
      case nil:
        guard let first = next(&state) else { return over(&state, nil) }
        outcome = first
      }
      if outcome == nil { return over(&state, nil) }
    }
  }

  private func ends(_ decision: RunDecision) -> Bool {
    switch decision {
    case .proceed: false
    // Of a recipient, or of all: which, the record says.
    case .refuse: collector.records.withLock { $0.last?.verdict?.reach != .recipient }
    case .discard, .finish: true
    }
  }

  /// The next event that is a run; nil when there is none any more.
  private func next(_ state: inout State) -> RunOutcome? {
    while let event = state.events.popFirst() {
      let evaluator = state.evaluator
      switch event {
      case .macro(let name, let value, let stage):
        evaluator.setMacro(name.span, value.span, stage: stage)
      case .connect(let facts): return evaluator.connect(facts)
      case .helo(let name): return evaluator.helo(name)
      case .mail(let path, let arguments): return evaluator.mail(path, arguments: arguments)
      case .recipient(let path, let arguments):
        return evaluator.recipient(path, arguments: arguments)
      case .data: return evaluator.data()
      case .headers(let message): return evaluator.headers(message)
      case .end(let message): return evaluator.endOfMessage(message)
      }
    }
    return nil
  }

  private func over(_ state: inout State, _ problem: String?) -> ShadowStep {
    if let problem { state.evaluator.gaveUp(problem) }
    state.evaluator.resetMessage()
    var fate = ShadowFate(collector.records.withLock { $0 })
    if let problem { fate.problem = problem }
    return .over(fate)
  }

  // MARK: Answers that nobody is asked for

  private func answer(to request: CheckRequest) -> CheckAnswer? {
    if let order = request.errands { return .errands(order.errands.map { Self.pretend($0.work) }) }
    return answers.first { $0.fits(request) }?.answer
  }

  private static func pretend(_ work: Errand.Work) -> ErrandResult {
    switch work {
    case .filter(let errand): .content(errand.content)
    case .sign: .fields([])
    default: .done
    }
  }
}
