// Keeps what becomes of mail for the history: entries wait in a bounded queue, one thread writes
// them in batches. Nobody waits for it; what does not fit, or cannot be written, is counted and
// said.
internal import Logging
internal import Logs
internal import MilterBridge
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Synchronization

final class HistoryKeeper: Sendable {
  struct Limits: Sendable {
    /// Entries that wait: some 2 KB each.
    var waitingMax = 20_000
    /// Written in one transaction.
    var batchMax = 1_000
    /// Entries gather for so long before they are written.
    var gatherMilliseconds = 500
    /// Between two lines about a history that cannot be written.
    var complaintSeconds: Int64 = 60
  }

  private struct State {
    var queue: [HistoryEntry] = []
    var isWorking = false
    var isStopped = false
    var lost = 0
    var complained: Int64 = 0
  }

  private let store: HistoryStore
  private let limits: Limits
  private let state = Mutex(State())
  private let thread: NIOThreadPool

  init(_ store: HistoryStore, limits: Limits = Limits()) {
    self.store = store
    self.limits = limits
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
  }

  var lost: Int { state.withLock { $0.lost } }
  var waiting: Int { state.withLock { $0.queue.count } }

  /// Never waits.
  func put(_ record: DecisionRecord) {
    let entry = HistoryEntry(record, timeSeconds: WallClock.seconds)
    let calls = state.withLock { state in
      guard !state.isStopped else { return false }
      guard state.queue.count < limits.waitingMax else {
        state.lost += 1
        return false
      }
      state.queue.append(entry)
      defer { state.isWorking = true }
      return !state.isWorking
    }
    if calls { thread.submit { _ in self.work() } }
  }

  private func work() {
    while true {
      if !state.withLock({ $0.isStopped }) { Pause.milliseconds(limits.gatherMilliseconds) }
      let batch = state.withLock { state in
        let batch = Array(state.queue.prefix(limits.batchMax))
        state.queue.removeFirst(batch.count)
        if batch.isEmpty { state.isWorking = false }
        return batch
      }
      if batch.isEmpty { return }
      write(batch)
    }
  }

  private func write(_ batch: [HistoryEntry]) {
    do throws(StoreFailure) {
      try store.add(batch)
    } catch {
      let complains = state.withLock { state in
        state.lost += batch.count
        defer { state.complained = WallClock.seconds }
        return WallClock.seconds - state.complained >= limits.complaintSeconds
      }
      if complains { Console.log("history: \(error.message)", level: .error) }
    }
  }

  /// What is past its time or too much goes; blocks.
  func expire() {
    do throws(StoreFailure) {
      let count = try store.expire(nowSeconds: WallClock.seconds)
      if count > 0 { Console.log("history: \(count) past their time") }
    } catch {
      Console.log("history: \(error.message)", level: .error)
    }
  }

  /// Writes what waits.
  func stop() async {
    state.withLock { $0.isStopped = true }
    let left = state.withLock { !$0.queue.isEmpty && !$0.isWorking }
    if left { thread.submit { _ in self.work() } }
    await thread.finish()
  }
}

extension HistoryEntry {
  /// What of a fate is worth keeping, shortened.
  init(_ record: DecisionRecord, timeSeconds: Int64) {
    self.init(timeSeconds: timeSeconds)
    queueID = record.queueID ?? ""
    sessionID = record.sessionID
    phase = (record.outcome?.phase ?? record.verdict?.phase ?? record.phase).name
    verdict = record.fate
    direction = record.direction?.name ?? ""
    code = record.reply?.code ?? ""
    reply = record.reply.map { "\($0.code) \($0.enhanced) \($0.text)" } ?? ""
    rule = record.rule ?? ""
    location = record.location ?? ""
    clientIP = record.client.address
    clientName = record.client.name
    helo = record.client.helo
    login = record.client.login
    sender = Self.bare(record.sender)
    recipients = record.recipients.map(Self.bare)
    sizeBytes = record.sizeBytes
    messageID = record.messageID
    score = Decimal.text(record.score)
    quarantineID = record.quarantineID
    microseconds = record.nanoseconds / 1_000
    image = record.image
    addDetails(of: record)
  }

  private mutating func addDetails(of record: DecisionRecord) {
    problem = record.problem ?? ""
    if case .trap(let trap) = record.verdict?.cause { problem = trap.message }
    rules = record.matches.map { match in
      Rule(
        name: match.rule, location: match.location, phase: match.phase.name,
        tests: match.tests.map { test in
          Test(
            text: test.text.cut(toBytes: 200), location: test.location,
            outcome: Self.outcome(test.outcome), values: test.values)
        })
    }
    let carriedOut = record.outcome.map(record.decisions.carriedOut) ?? []
    actions = carriedOut.map(\.action)
    limits = record.limits
    checks = record.checks.map { check in
      Check(
        name: check.name.isEmpty ? check.kind.name : "\(check.kind.name)/\(check.name)",
        microseconds: check.nanoseconds / 1_000, failed: check.failed)
    }
    failures = record.decisions.failures.prefix(MessageLines.failuresMax).map { failure in
      Failure(
        kind: failure.failure.name, reason: failure.reason.cut(toBytes: 200),
        rule: failure.rule ?? "", answer: failure.answer.name)
    }
    guard record.isOfMessage else { return }
    events = record.decisions.events.map { Event(name: $0.name, values: $0.values) }
  }

  private static func outcome(_ outcome: TraceEvent.Outcome) -> Test.Outcome {
    switch outcome {
    case .yes: .yes
    case .no: .no
    case .failed: .failed
    }
  }

  private static func bare(_ path: String) -> String {
    path.hasPrefix("<") && path.hasSuffix(">") ? String(path.dropFirst().dropLast()) : path
  }
}
