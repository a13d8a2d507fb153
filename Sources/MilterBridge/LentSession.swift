// What a context of libmilter carries, without libmilter: a session that waits, the macros to fetch
// for it, and what was agreed on its connection.

internal import MilterWire
internal import NIOCore
internal import Synchronization

/// Used by one callback at a time, from whichever thread.
final class LentSession {
  let session: BlockingSession
  /// The macros that the policy wants, by stage.
  let macros: [MacroStage: [String]]
  private let load: SessionLoad
  /// For the bytes of one event.
  var scratch = ByteBuffer()
  private var isInHand = false

  private static let inHand = Atomic<Int>(0)
  private static let ending = Atomic<Bool>(false)

  /// Of all sessions.
  static var messagesInHand: Int { inHand.load(ordering: .relaxed) }
  /// No message may begin any more.
  static var isEnding: Bool { ending.load(ordering: .relaxed) }

  static func beginNoMore() { ending.store(true, ordering: .relaxed) }

  private struct Registration {
    let configuration: MilterServerConfiguration
    var sessionCount: UInt64 = 0
    /// What was agreed on a connection, by its context: after QUIT_NC the connection's next session
    /// comes without negotiation. An entry is replaced when its key is used again, so there are as
    /// many as there ever were connections at once.
    var agreed: [UInt: Agreement] = [:]
  }

  private struct Agreement {
    let offer: NegotiationOffer
    let policy: SessionPolicy
  }

  private static let registration = Mutex<Registration?>(nil)

  /// Says once how sessions are to be made.
  static func configure(_ configuration: MilterServerConfiguration) {
    registration.withLock { $0 = Registration(configuration: configuration) }
  }

  private init(policy: SessionPolicy, number: UInt64, configuration: MilterServerConfiguration) {
    let limits = configuration.limits
    load = configuration.load
    let inner = Session(
      policy: policy, limits: limits, identity: "m-\(String(number, radix: 16))",
      log: configuration.logger, load: load, admission: load.begin())
    session = BlockingSession(session: inner, limits: limits)
    macros = policy.needs.macroLists
  }

  deinit {
    if isInHand { Self.inHand.wrappingSubtract(1, ordering: .relaxed) }
    load.end()
  }

  /// Counts whether a message is in hand, which may have changed.
  func noteHand() {
    guard isInHand == session.isBetweenMessages else { return }
    isInHand.toggle()
    if isInHand {
      Self.inHand.wrappingAdd(1, ordering: .relaxed)
    } else {
      Self.inHand.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  /// A negotiated session for the context `key`, with the offer at hand or the one agreed before;
  /// nil when there is neither.
  static func make(key: UInt, _ offer: NegotiationOffer?) -> LentSession? {
    let policy = registration.withLock { $0?.configuration.policy }
    guard let policy else { return nil }
    // Asked outside the lock: it is not ours.
    let fresh = offer.map { Agreement(offer: $0, policy: policy()) }
    let made: (LentSession, Agreement)? = registration.withLock { state in
      guard var next = state, let agreed = fresh ?? next.agreed[key] else { return nil }
      state = nil
      next.agreed[key] = agreed
      next.sessionCount += 1
      state = next
      let lent = LentSession(
        policy: agreed.policy, number: next.sessionCount, configuration: next.configuration)
      return (lent, agreed)
    }
    guard let (lent, agreed) = made else { return nil }
    _ = lent.session.perform(.negotiate(agreed.offer), awaitsReply: true)
    return lent
  }
}
