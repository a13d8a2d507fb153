// What a context of libmilter carries, without libmilter: a session that waits, the macros to fetch
// for it, and who makes it, with what was agreed on its connection.

package import MilterWire
internal import NIOCore
internal import Synchronization

/// Used by one callback at a time, from whichever thread.
package final class LentSession {
  package let session: BlockingSession
  /// The macros that the policy wants, by stage.
  let macros: [MacroStage: [String]]
  private let load: SessionLoad
  /// For the bytes of one event.
  var scratch = ByteBuffer()
  private var isInHand = false

  private static let inHand = Atomic<Int>(0)
  private static let ending = Atomic<Bool>(false)
  private static let cutOff = Atomic<Bool>(false)

  /// Of all sessions.
  static var messagesInHand: Int { inHand.load(ordering: .relaxed) }
  /// No message may begin any more.
  static var isEnding: Bool { ending.load(ordering: .relaxed) }

  /// The time is over: checks end unanswered now, and what comes of that is no verdict.
  static var isCutOff: Bool { cutOff.load(ordering: .relaxed) }

  static func cutMessagesOff() { cutOff.store(true, ordering: .relaxed) }

  static func beginNoMore() { ending.store(true, ordering: .relaxed) }

  /// A session that is silent keeps no more than this of what its largest event took.
  private static let keptBytesMax = 4_096

  fileprivate init(policy: SessionPolicy, number: UInt64, configuration: MilterServerConfiguration)
  {
    let limits = configuration.limits
    load = configuration.load
    // Each message gets a buffer of its own: one that was kept would be kept by each idle session.
    let inner = Session(
      policy: policy, limits: limits, identity: "m-\(String(number, radix: 16))",
      log: configuration.logger, buffers: BufferPool(buffersMax: 0), load: load,
      admission: load.begin())
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

  /// The event is over.
  func clearScratch() {
    if scratch.capacity > Self.keptBytesMax { scratch = ByteBuffer() } else { scratch.clear() }
  }
}

/// Makes sessions for contexts.
package final class SessionLender: Sendable {
  private struct State {
    var agreements: Agreements
    var sessionCount: UInt64 = 0
  }

  private let configuration: MilterServerConfiguration
  private let state: Mutex<State>

  package init(_ configuration: MilterServerConfiguration) {
    self.configuration = configuration
    let silence = configuration.limits.idleSeconds
    state = Mutex(State(agreements: Agreements(silenceSeconds: silence)))
  }

  /// A negotiated session for the context `key`, with the offer at hand or the one agreed before;
  /// nil when there is neither.
  package func session(for key: UInt, _ offer: NegotiationOffer?) -> LentSession? {
    // Asked outside the lock: it is not ours.
    let fresh = offer.map { ($0, configuration.policy()) }
    let agreed = state.withLock { state -> (NegotiationOffer, SessionPolicy, UInt64)? in
      if let (offer, policy) = fresh {
        state.agreements.begin(key, offer, policy, now: Self.seconds)
      }
      guard let (offer, policy) = fresh ?? state.agreements.resume(key) else { return nil }
      state.sessionCount += 1
      return (offer, policy, state.sessionCount)
    }
    guard let (offer, policy, number) = agreed else { return nil }
    let lent = LentSession(policy: policy, number: number, configuration: configuration)
    _ = lent.session.perform(.negotiate(offer), awaitsReply: true)
    return lent
  }

  /// The session of that context is over.
  package func end(_ lent: LentSession, of key: UInt) {
    lent.session.connectionDidClose()
    state.withLock { $0.agreements.end(key, now: Self.seconds) }
  }

  private static var seconds: Int {
    Int(NIODeadline.now().uptimeNanoseconds / 1_000_000_000)
  }
}
