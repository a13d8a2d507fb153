// The policy that new sessions begin with. A reload puts another in its place; sessions keep
// theirs.
internal import LiveChecks
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Submission
internal import Synchronization
internal import TableFiles

/// A policy with those who answer what it asks.
struct ServedPolicy: Sendable {
  let policy: LoadedPolicy
  let desk: LiveDesk
  let keys: SigningKeys
  /// The files of its lists, as they were just before they were read.
  var lists: [String: FileFacts] = [:]
}

final class CurrentPolicy: Sendable {
  /// Who answers the checks of a policy.
  typealias Answering = @Sendable (ServedPolicy) -> any CheckService

  /// What sessions begin with.
  private struct Live {
    var served: ServedPolicy
    var plain: SessionPolicy
    var shadow: ShadowDesk?
    /// For the sessions that the shadow sees.
    var shadowed: SessionPolicy?
  }

  private let live: Mutex<Live>
  private let answering: Answering
  private let state: DaemonState
  private let hands: (any HandWatch)?
  private let watch: MailWatch
  private let observes: Bool
  private let oracles: OracleRing

  /// - Parameter observes: nothing is done, only listed (`--observe`).
  init(
    _ policy: ServedPolicy, state: DaemonState, hands: (any HandWatch)? = nil, watch: MailWatch,
    observes: Bool, answering: @escaping Answering
  ) {
    self.answering = answering
    self.watch = watch
    self.observes = observes
    self.state = state
    self.hands = hands
    oracles = OracleRing()
    let maker = SessionMaker(
      served: policy, checks: answering(policy), state: state, hands: hands, watch: watch,
      observes: observes, oracles: oracles)
    live = Mutex(Live(served: policy, plain: maker.policy(seenBy: nil)))
  }

  /// Asked once for each session.
  var sessionPolicy: SessionPolicy {
    let live = live.withLock { ($0.plain, $0.shadow, $0.shadowed) }
    guard let shadow = live.1, let shadowed = live.2, shadow.takesNext() else { return live.0 }
    return shadowed
  }

  var served: ServedPolicy { live.withLock { $0.served } }
  var current: LoadedPolicy { served.policy }
  var shadow: ShadowDesk? { live.withLock { $0.shadow } }

  /// - Parameter former: nothing happens unless that one is still current.
  /// - Returns: whether `next` is current now.
  @discardableResult
  func replace(_ next: ServedPolicy, ifStill former: LoadedPolicy? = nil) -> Bool {
    let maker = maker(next)
    return live.withLock { live in
      if let former, live.served.policy !== former { return false }
      live.served = next
      live.plain = maker.policy(seenBy: nil)
      live.shadowed = live.shadow.map { maker.policy(seenBy: $0) }
      return true
    }
  }

  /// Another shadow, or none; sessions keep theirs.
  func replace(shadow: ShadowDesk?) {
    let former = live.withLock { live in
      let maker = maker(live.served)
      defer {
        live.shadow = shadow
        live.shadowed = shadow.map { maker.policy(seenBy: $0) }
      }
      return live.shadow
    }
    former?.stop()
  }

  /// One for that policy: its checks are answered as those of the live one.
  func shadow(_ policy: ServedPolicy, share: ShadowShare) -> ShadowDesk {
    let state = state
    return ShadowDesk(
      policy, share: share, checks: answering(policy), hands: hands, book: watch.figures?.book
    ) { state.switches.values() }
  }

  private func maker(_ served: ServedPolicy) -> SessionMaker {
    SessionMaker(
      served: served, checks: answering(served), state: state, hands: hands, watch: watch,
      observes: observes, oracles: oracles)
  }

  /// A session for a job of `every`, and who answers its checks.
  func job(named name: String) -> (session: PolicySession, checks: any CheckService) {
    let session = PolicySession(
      policy: current, sessionID: "every \(name)", types: oracles.next(),
      isTraced: watch.trace.selection.filters.contains(TraceFilter()),
      observes: observes, state: SessionMaker.state(state, of: current),
      now: { WallClock.seconds })
    return (session, sessionPolicy.checks)
  }
}

/// Makes sessions of one policy.
private struct SessionMaker {
  let served: ServedPolicy
  let checks: any CheckService
  let state: DaemonState
  let hands: (any HandWatch)?
  let watch: MailWatch
  let observes: Bool
  let oracles: OracleRing

  func policy(seenBy shadow: ShadowDesk?) -> SessionPolicy {
    let loaded = served.policy
    let needs = ProgramNeeds(loaded.program.program)
    let observer = watch.observer(of: loaded)
    let (state, observes, oracles) = (state, observes, oracles)
    let own = NegotiationNeeds(needs).named
    return SessionPolicy(
      needs: shadow.map { own.reading($0.negotiation) } ?? own, checks: checks,
      patience: MTAPatience(loaded.program.program), hands: hands
    ) { sessionID in
      let witness = shadow.map { _ in FateWitness(observer) }
      let live = PolicyEvaluator(
        policy: loaded, needs: needs, sessionID: sessionID, types: oracles.next(),
        limits: MachineLimits(), observes: observes, state: Self.state(state, of: loaded),
        markField: OwnMail.markFieldName, observer: witness ?? observer,
        now: { WallClock.seconds })
      guard let shadow, let witness else { return live }
      return ShadowedEvaluation(live, witness, shadow, sessionID: sessionID)
    }
  }

  static func state(_ state: DaemonState, of policy: LoadedPolicy) -> SessionState {
    var session = SessionState()
    session.linkSalt = state.current?.linkSalt
    session.newQuarantineID = { QuarantineID.make(nowSeconds: WallClock.seconds) }
    // Their values are in a file that is looked at for each session.
    let program = policy.program.program
    if program.declarations.contains(where: { $0.role == .switch }) {
      session.switches = state.switches.values()
    }
    return session
  }
}

/// A few file type detectors, handed to sessions in turn: each costs memory, and each answers one
/// question at a time.
final class OracleRing: Sendable {
  private let oracles: [TypeOracle] = (0..<2).map { _ in TypeOracle() }
  private let turn = Atomic<Int>(0)

  func next() -> TypeOracle {
    let (index, _) = turn.wrappingAdd(1, ordering: .relaxed)
    return oracles[index & 1]
  }
}
