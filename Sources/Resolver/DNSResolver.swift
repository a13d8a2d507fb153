// The resolver: a cache, the questions on their way, and the thread that asks name servers. One for
// the whole service; it may be used from any thread and never blocks its caller. Answers that are
// known come at once, on the caller's thread; all others on the resolver's, so who is called there
// hands on and does no work of its own.
//
// Nothing here trusts a name server further than that it answers for its names: without DNSSEC of
// our own, the way to it should be short (a resolver on the same host).

internal import Synchronization

package final class DNSResolver: Resolving {
  /// What goes on in it now.
  package struct Load: Equatable, Sendable {
    /// Questions on their way to servers.
    package var active: Int
    /// With those that wait.
    package var open: Int
    package var askers: Int
    package var cacheEntries: Int
    package var cacheBytes: Int
    package var cache: DNSCache.Statistics
    /// Questions in a row to which no server said anything.
    package var unanswered = 0
  }

  private let core: ResolverCore
  private let thread: AresThread

  /// - Parameters:
  ///   - servers: `address` or `address:port`; none for those of /etc/resolv.conf.
  ///   - cache: what is known already, as of time 0.
  package init(
    servers: [String] = [], limits: ResolverLimits = ResolverLimits(), cache: DNSCache? = nil
  ) throws(ResolverError) {
    core = ResolverCore(limits, cache ?? DNSCache(limits: limits.cache))
    thread = try AresThread(core, servers: ServerList(servers, limits: limits), limits: limits)
  }

  deinit { stop() }

  /// Asks; `done` is called exactly once.
  package func ask(
    _ question: DNSQuestion,
    timeoutMilliseconds: Int = ResolverLimits.questionMilliseconds,
    _ done: @escaping @Sendable (DNSAnswer) -> Void
  ) {
    if let answer = core.ask(question, timeoutMilliseconds, done) {
      done(answer)
    } else {
      thread.wake()
    }
  }

  package func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    await withCheckedContinuation { continuation in
      ask(question, timeoutMilliseconds: timeoutMilliseconds) { continuation.resume(returning: $0) }
    }
  }

  /// What the cache has, without asking anybody.
  package func cached(_ question: DNSQuestion) -> DNSAnswer? { core.cached(question) }

  package func forgetAll() { core.forgetAll() }

  package var load: Load { core.load }

  /// Answers everybody who waits with `.stopped`, and everybody who asks from now on.
  package func stop() {
    if core.close() { thread.stop() }
  }
}

/// What the callers and the thread share.
private final class ResolverCore: AresWork {
  typealias Asker = @Sendable (DNSAnswer) -> Void

  private struct State {
    var cache: DNSCache
    var flights: QuestionFlights<Asker>
    var isClosed = false
    var unanswered = 0
  }

  private let state: Mutex<State>
  private let limits: ResolverLimits
  private let start = ContinuousClock.now

  init(_ limits: ResolverLimits, _ cache: DNSCache) {
    self.limits = limits
    state = Mutex(State(cache: cache, flights: QuestionFlights(limits: limits)))
  }

  private var now: Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }

  /// Nil when `asker` will be called later.
  func ask(_ question: DNSQuestion, _ timeoutMilliseconds: Int, _ asker: @escaping Asker)
    -> DNSAnswer?
  {
    let now = now
    let wait = max(0, min(timeoutMilliseconds, limits.questionMillisecondsMax))
    return state.withLock { state in
      if state.isClosed { return .failed(.stopped) }
      if let known = state.cache.answer(to: question, now: now) { return known }
      let admission = state.flights.add(asker, to: question, until: now + Int64(wait))
      return admission == .refused ? .failed(.busy) : nil
    }
  }

  func cached(_ question: DNSQuestion) -> DNSAnswer? {
    let now = now
    return state.withLock { $0.cache.answer(to: question, now: now) }
  }

  func forgetAll() { state.withLock { $0.cache.removeAll() } }

  var load: DNSResolver.Load {
    state.withLock {
      DNSResolver.Load(
        active: $0.flights.active, open: $0.flights.open, askers: $0.flights.askers,
        cacheEntries: $0.cache.count, cacheBytes: $0.cache.bytes, cache: $0.cache.statistics,
        unanswered: $0.unanswered)
    }
  }

  /// False when it was closed before.
  func close() -> Bool {
    state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
  }

  // MARK: On the thread

  func nextQuestion() -> DNSQuestion? { state.withLock { $0.flights.start() } }

  func deliver(_ raw: RawAnswer, to question: DNSQuestion) {
    let answer =
      switch raw {
      case .message(let bytes):
        DNSMessageReader.answer(in: bytes, to: question, limits: limits.answers)
      case .none(let answer): answer
      }
    let now = now
    let askers = state.withLock { state in
      state.cache.keep(answer, to: question, now: now)
      state.unanswered = raw.isSilence ? state.unanswered + 1 : 0
      return state.flights.land(question)
    }
    for asker in askers { asker(answer) }
  }

  func settleDeadlines() -> Int64? {
    let now = now
    let (late, next) = state.withLock { state in
      (state.flights.expire(now: now), state.flights.nextDeadline)
    }
    for asker in late { asker(.failed(.timeout)) }
    return next.map { $0 - now }
  }

  func ended() {
    let left = state.withLock { $0.flights.abandon() }
    for asker in left { asker(.failed(.stopped)) }
  }
}
