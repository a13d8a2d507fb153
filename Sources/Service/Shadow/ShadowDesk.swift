// A second policy beside the live one: a share of sessions is played to it when the mail server has
// its answer, and what it would have decided is compared and counted. It has one thread, a bounded
// queue and no way back to a session; what it has no time for is dropped and counted.
//
// Checks: what the live policy asked of the same message is answered the same. Anything else is
// asked of the world with the mark that nothing may be written for it.
internal import Figures
internal import JSONOutput
internal import Logs
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM
internal import Synchronization

final class ShadowDesk: Sendable {
  struct Limits: Sendable {
    var jobsMax = 500
    var bytesMax = 128 << 20
    /// For all that one message asks.
    var waitSeconds = 60
    /// Differences that are shown.
    var shownMax = 100
    /// Different pairs of verdicts and rules that are counted each by itself.
    var pairsMax = 500
  }

  private struct State {
    var waiting = 0
    var bytes = 0
    var report: ShadowReport
    var isStopped = false
  }

  let policy: ServedPolicy
  let share: ShadowShare
  private let checks: any CheckService
  private let needs: ProgramNeeds
  private let limits: Limits
  private let hands: (any HandWatch)?
  private let book: FigureBook?
  private let types = TypeOracle()
  private let switches: @Sendable () -> [String: String]
  private let state: Mutex<State>
  private let numbers = Atomic<Int>(0)
  private let jobs: AsyncStream<ShadowJob>
  private let put: AsyncStream<ShadowJob>.Continuation
  private let thread: NIOThreadPool

  init(
    _ policy: ServedPolicy, share: ShadowShare, checks: any CheckService,
    hands: (any HandWatch)? = nil, book: FigureBook? = nil, limits: Limits = Limits(),
    switches: @escaping @Sendable () -> [String: String]
  ) {
    self.policy = policy
    self.share = share
    self.checks = checks
    self.hands = hands
    self.book = book
    self.limits = limits
    self.switches = switches
    needs = ProgramNeeds(policy.policy.program.program)
    state = Mutex(State(report: ShadowReport(policy.policy.imageName, share)))
    (jobs, put) = AsyncStream.makeStream()
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    for result in ShadowResult.allCases { count(result, by: 0) }
    Task { [weak self, jobs] in
      for await job in jobs { await self?.play(job) }
    }
  }

  /// Whether a session that begins now is one of its own.
  func takesNext() -> Bool {
    share.holds(numbers.wrappingAdd(1, ordering: .relaxed).oldValue)
  }

  var wantsBody: Bool { needs.readsBody || needs.editsBody }
  /// What it needs of the mail server beside the live policy.
  var negotiation: NegotiationNeeds { NegotiationNeeds(needs) }

  var report: ShadowReport { state.withLock { $0.report } }

  /// Never waits.
  func put(_ job: ShadowJob) {
    let bytes = job.bytes
    let isTaken = state.withLock { state in
      guard !state.isStopped, state.waiting < limits.jobsMax, state.bytes + bytes <= limits.bytesMax
      else { return false }
      state.waiting += 1
      state.bytes += bytes
      return true
    }
    if isTaken { put.yield(job) } else { note(.dropped, job.live, ShadowFate([])) }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    put.finish()
    thread.shutdownGracefully { _ in }
  }

  deinit { stop() }

  // MARK: Playing

  private func play(_ job: ShadowJob) async {
    defer {
      state.withLock { state in
        state.waiting -= 1
        state.bytes -= job.bytes
      }
    }
    // If its run ends this process, the master knows whose fault it was.
    let place = takeInHand(job)
    defer { if let place { hands?.leave(place) } }
    let run = ShadowRun(job, policy.policy, needs, types, switches: switches())
    let end = ContinuousClock.now + .seconds(limits.waitSeconds)
    guard var step = await onThread({ run.begin() }) else { return }
    while case .asks(let requests) = step {
      let isLate = ContinuousClock.now >= end
      let answers = isLate ? [] : await ask(requests)
      let next = await onThread { isLate ? run.expire() : run.resume(answers) }
      guard let next else { return }
      step = next
    }
    guard case .over(let fate) = step else { return }
    note(ShadowResult(live: job.live, shadow: fate), job.live, fate)
  }

  private func takeInHand(_ job: ShadowJob) -> HandPlace? {
    guard let hands else { return nil }
    let name = Self.handPrefix + (job.live.queueID.isEmpty ? job.sessionID : job.live.queueID)
    let mark = HandMark(
      Array(name.utf8).span, step: .max, size: job.bytes, key: hands.key)
    return hands.take(mark, name: name) { nil }
  }

  /// What is in hand for a shadow is named so.
  static let handPrefix = "shadow of "

  private func onThread(_ work: @escaping @Sendable () -> ShadowStep) async -> ShadowStep? {
    try? await thread.runIfActive(work)
  }

  private func ask(_ requests: [CheckRequest]) async -> [(UInt32, CheckAnswer)] {
    await withTaskGroup(of: (UInt32, CheckAnswer).self) { group in
      for request in requests {
        group.addTask { [checks] in
          await withCheckedContinuation { continuation in
            _ = checks.start(request.dry) { continuation.resume(returning: (request.id, $0)) }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  // MARK: Counting

  private func note(_ result: ShadowResult, _ live: ShadowFate, _ shadow: ShadowFate) {
    count(result, by: 1)
    state.withLock { $0.report.add(result, live, shadow, limits) }
  }

  private func count(_ result: ShadowResult, by amount: Int64) {
    book?.counter("defang_shadow_messages_total", [result.rawValue]).increment(by: amount)
  }
}

extension CheckRequest {
  /// The same, with the mark that nothing may be written for it.
  fileprivate var dry: CheckRequest {
    CheckRequest(
      id: id, kind: kind, name: name, arguments: arguments,
      timeoutMilliseconds: timeoutMilliseconds, isDry: true, order: order, errands: nil,
      subject: subject, scope: scope)
  }
}

/// What was counted since the shadow began in this worker.
struct ShadowReport: Sendable {
  struct Pair: Hashable, Sendable {
    let live: String
    let liveRule: String
    let shadow: String
    let shadowRule: String
  }

  struct Difference: Sendable {
    let seconds: Int64
    let queueID: String
    let result: ShadowResult
    let pair: Pair
    let problem: String?
  }

  let policy: String
  let share: ShadowShare
  private(set) var results: [ShadowResult: Int] = [:]
  private(set) var pairs: [Pair: Int] = [:]
  private(set) var differences: [Difference] = []
  /// Of pairs that there was no room for.
  private(set) var otherPairs = 0

  init(_ policy: String, _ share: ShadowShare) {
    self.policy = policy
    self.share = share
  }

  mutating func add(
    _ result: ShadowResult, _ live: ShadowFate, _ shadow: ShadowFate, _ limits: ShadowDesk.Limits
  ) {
    results[result, default: 0] += 1
    guard result != .same, result != .dropped else { return }
    let pair = Pair(
      live: live.verdict, liveRule: live.rule, shadow: shadow.verdict, shadowRule: shadow.rule)
    if pairs[pair] != nil || pairs.count < limits.pairsMax {
      pairs[pair, default: 0] += 1
    } else {
      otherPairs += 1
    }
    if differences.count >= limits.shownMax { differences.removeFirst() }
    differences.append(
      Difference(
        seconds: WallClock.seconds, queueID: live.queueID, result: result, pair: pair,
        problem: shadow.problem))
  }

  var members: [(String, OrderedJSON)] {
    let counts = ShadowResult.allCases.map { ($0.rawValue, OrderedJSON.number(results[$0] ?? 0)) }
    let sorted = pairs.sorted { $0.value > $1.value }
    return [
      ("policy", .text(policy)), ("share", .text(share.text)), ("results", .object(counts)),
      (
        "pairs",
        .list(
          sorted.map { pair, count in .object([("count", .number(count))] + Self.members(pair)) })
      ),
      ("other_pairs", .number(otherPairs)),
      (
        "latest",
        .list(
          differences.map { difference in
            .object(
              [
                ("time", .number(Int(difference.seconds))),
                ("queue_id", .text(difference.queueID)),
                ("differs_by", .text(difference.result.rawValue)),
                ("problem", .text(orNull: difference.problem)),
              ] + Self.members(difference.pair))
          })
      ),
    ]
  }

  private static func members(_ pair: Pair) -> [(String, OrderedJSON)] {
    [
      ("live", .text(pair.live)), ("live_rule", .text(pair.liveRule)),
      ("shadow", .text(pair.shadow)), ("shadow_rule", .text(pair.shadowRule)),
    ]
  }
}
