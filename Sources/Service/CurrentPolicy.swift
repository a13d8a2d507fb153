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
  private let policy: Mutex<SessionPolicy>
  private let latest: Mutex<ServedPolicy>
  /// Who answers the checks of a policy.
  typealias Answering = @Sendable (ServedPolicy) -> any CheckService
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
    latest = Mutex(policy)
    self.policy = Mutex(
      Self.session(policy.policy, answering(policy), state, hands, watch, observes, oracles))
  }

  var sessionPolicy: SessionPolicy { policy.withLock { $0 } }
  var served: ServedPolicy { latest.withLock { $0 } }
  var current: LoadedPolicy { served.policy }

  /// - Parameter former: nothing happens unless that one is still current.
  /// - Returns: whether `next` is current now.
  @discardableResult
  func replace(_ next: ServedPolicy, ifStill former: LoadedPolicy? = nil) -> Bool {
    let session = Self.session(
      next.policy, answering(next), state, hands, watch, observes, oracles)
    return latest.withLock { latest in
      if let former, latest.policy !== former { return false }
      latest = next
      policy.withLock { $0 = session }
      return true
    }
  }

  private static func session(
    _ loaded: LoadedPolicy, _ checks: any CheckService, _ state: DaemonState,
    _ hands: (any HandWatch)?, _ watch: MailWatch, _ observes: Bool, _ oracles: OracleRing
  ) -> SessionPolicy {
    let needs = ProgramNeeds(loaded.program.program)
    let observer = watch.observer(of: loaded)
    let patience = MTAPatience(loaded.program.program)
    return SessionPolicy(
      needs: NegotiationNeeds(needs).named, checks: checks, patience: patience, hands: hands
    ) { sessionID in
      PolicyEvaluator(
        policy: loaded, needs: needs, sessionID: sessionID, types: oracles.next(),
        limits: MachineLimits(), observes: observes, state: sessionState(state),
        markField: OwnMail.markFieldName, observer: observer,
        now: { WallClock.seconds })
    }
  }

  /// A session for a job of `every`, and who answers its checks.
  func job(named name: String) -> (session: PolicySession, checks: any CheckService) {
    let session = PolicySession(
      policy: current, sessionID: "every \(name)", types: oracles.next(),
      isTraced: watch.trace.selection.filters.contains(TraceFilter()),
      observes: observes, state: Self.sessionState(state), now: { WallClock.seconds })
    return (session, sessionPolicy.checks)
  }

  private static func sessionState(_ state: DaemonState) -> SessionState {
    var session = SessionState()
    session.linkSalt = state.current?.linkSalt
    session.newQuarantineID = { QuarantineID.make(nowSeconds: WallClock.seconds) }
    session.switches = state.switches.values()
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
