// Takes mail out of the queue and hands it to the mail server, again and again until it is taken,
// refused for good, or too old.
internal import Synchronization

package final class Sender: Sendable {
  private let queue: OutgoingQueue
  private let ownMail: OwnMail
  private let client: SMTPClient
  private let server: SMTPServer
  private let clock: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    var lock: StateLock?
    var task: Task<Void, Never>?
    var ticker: Task<Void, Never>?
    var arrivals: AsyncStream<Void>.Continuation?
    var isStopping = false
    /// When the server may be tried again, and how often it could not be used in a row.
    var serverDue: Int64 = 0
    var serverFailures = 0
    /// When each known mail is due, so that a long queue is not read at each look.
    var due: [String: Int64] = [:]
    var swept: Int64 = 0
  }

  package init(
    queue: OutgoingQueue, ownMail: OwnMail, client: SMTPClient, server: SMTPServer,
    clock: @escaping @Sendable () -> Int64 = { SystemClock.now },
    log: @escaping @Sendable (String) -> Void
  ) {
    self.queue = queue
    self.ownMail = ownMail
    self.client = client
    self.server = server
    self.clock = clock
    self.log = log
    state = Mutex(State())
  }

  // MARK: Life

  /// Begins to send. Throws when another process sends from this queue.
  package func start() throws(StateFault) {
    let path = queue.folder + "/" + OutgoingQueue.lockName
    guard let lock = try StateLock.take(path) else {
      throw .full("another process sends from \(queue.folder)")
    }
    let (arrivals, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    queue.onArrival { continuation.yield() }
    let seconds = queue.limits.scanSeconds
    let ticker = Task {
      while !Task.isCancelled {
        continuation.yield()
        try? await Task.sleep(for: .seconds(seconds))
      }
    }
    let task = Task {
      for await _ in arrivals { await pass() }
    }
    state.withLock {
      $0.lock = lock
      $0.task = task
      $0.ticker = ticker
      $0.arrivals = continuation
      $0.isStopping = false
    }
  }

  /// Ends after the mail in hand, at the latest after the grace; that mail may then come twice.
  package func stop(graceSeconds: Int64 = 10) async {
    let (task, ticker, arrivals) = state.withLock { state in
      state.isStopping = true
      return (state.task, state.ticker, state.arrivals)
    }
    queue.onArrival(nil)
    ticker?.cancel()
    arrivals?.finish()
    guard let task else { return }
    let end = Task {
      try? await Task.sleep(for: .seconds(graceSeconds))
      task.cancel()
    }
    await task.value
    end.cancel()
    state.withLock {
      $0.task = nil
      $0.lock = nil
    }
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  // MARK: Passes

  /// Looks through the queue once and sends what is due.
  package func pass() async {
    let now = clock()
    do throws(StateFault) {
      let isFlushed = queue.takeFlushRequest()
      if isFlushed { state.withLock { $0.serverDue = 0 } }
      try sweep(now)
      for id in try due(now, all: isFlushed) {
        guard !isStopping, state.withLock({ $0.serverDue <= now }) else { return }
        try await attempt(id)
      }
    } catch {
      // The disk may be full or broken; the next look tells.
      log("outgoing mail: \(error)")
    }
  }

  private func sweep(_ now: Int64) throws(StateFault) {
    let isDue = state.withLock { state in
      guard state.swept == 0 || now - state.swept >= 3_600 else { return false }
      state.swept = now
      return true
    }
    guard isDue else { return }
    try queue.sweep(now: now)
  }

  private func due(_ now: Int64, all isFlushed: Bool) throws(StateFault) -> [String] {
    let identifiers = try queue.identifiers(in: queue.folder)
    let known = state.withLock { $0.due }
    var times: [String: Int64] = [:]
    for id in identifiers { times[id] = known[id] ?? queue.progress(id).due }
    let all = times
    state.withLock { $0.due = all }
    try queue.recount()
    // A clock that was set back must not keep mail for years.
    let horizon = now + 2 * queue.limits.lastRetrySeconds
    if isFlushed { return identifiers }
    return identifiers.filter { (all[$0] ?? 0) <= now || (all[$0] ?? 0) > horizon }
  }

  // MARK: One mail

  private func attempt(_ id: String) async throws(StateFault) {
    let envelope: QueueEnvelope
    let message: [UInt8]
    do throws(StateFault) {
      envelope = try queue.envelope(id)
      message = try queue.message(id)
    } catch {
      // Deleted since we looked, or not what we write: then it is put aside, for people to see.
      guard StateFiles.exists(queue.mailPath(id)) else { return }
      log("outgoing mail \(id): \(error)")
      if case .badContent = error { try queue.fail(id) }
      return
    }
    var progress = queue.progress(id)
    let mail = OutgoingMail(
      purpose: envelope.purpose, sender: envelope.sender,
      recipients: progress.open(of: envelope.recipients), message: message,
      needsSMTPUTF8: envelope.needsSMTPUTF8, isMarked: envelope.isMarked)
    let result =
      mail.recipients.isEmpty
      ? SendResult([RecipientResult]())
      : await Courier(client, ownMail).send(mail, to: server, clock())
    settle(result, &progress)
    try await finish(id, envelope, progress, result)
  }

  private func settle(_ result: SendResult, _ progress: inout QueueProgress) {
    progress.attempts += 1
    for recipient in result.recipients {
      switch recipient.failure {
      case nil: progress.done.append(recipient.recipient)
      case let failure? where failure.isPermanent:
        progress.failed[recipient.recipient] = "\(failure)"
      case _?: break
      }
    }
    if let failure = result.failure { progress.lastFailure = "\(failure)" }
    let isUnusable = result.recipients.contains { $0.failure?.isOfServer == true }
    let now = clock()
    let limits = queue.limits
    state.withLock { state in
      state.serverFailures = isUnusable ? state.serverFailures + 1 : 0
      state.serverDue =
        isUnusable
        ? now + BackOff.seconds(failures: state.serverFailures, limits) : 0
    }
  }

  private func finish(
    _ id: String, _ envelope: QueueEnvelope, _ progress: QueueProgress, _ result: SendResult
  ) async throws(StateFault) {
    var progress = progress
    let open = progress.open(of: envelope.recipients)
    let now = clock()
    let isExpired = now - envelope.created > queue.limits.expirySeconds
    report(id, envelope, result)
    if open.isEmpty, progress.failed.isEmpty {
      try queue.remove(id)
    } else if open.isEmpty || isExpired {
      for recipient in open { progress.failed[recipient] = progress.lastFailure ?? "expired" }
      try queue.write(progress, of: id)
      try queue.fail(id)
      let why = open.isEmpty ? "" : ", it is too old"
      log("outgoing mail \(id): given up\(why), see \(queue.failedFolder)")
    } else {
      progress.due = now + BackOff.seconds(failures: progress.attempts, queue.limits)
      try queue.write(progress, of: id)
      let due = progress.due
      state.withLock { $0.due[id] = due }
    }
  }

  private func report(_ id: String, _ envelope: QueueEnvelope, _ result: SendResult) {
    for recipient in result.recipients {
      let words = ["purpose=\(envelope.purpose.rawValue)", "to=<\(recipient.recipient)>"]
      let end = recipient.failure.map { failure in
        (failure.isPermanent ? "refused: " : "deferred: ") + "\(failure)"
      }
      log(
        "outgoing mail \(id): \(words.joined(separator: " ")) "
          + (end ?? "sent: \(result.reply.map { "\($0)" } ?? "")"))
    }
  }
}

/// How long to wait before the next attempt: doubled from a minute to an hour, give or take a
/// quarter, so that what failed together does not come back together.
enum BackOff {
  static func seconds(failures: Int, _ limits: SubmissionLimits) -> Int64 {
    var seconds = limits.firstRetrySeconds
    for _ in 1..<max(failures, 1) where seconds < limits.lastRetrySeconds { seconds *= 2 }
    seconds = min(seconds, limits.lastRetrySeconds)
    let jitter = seconds / 4
    return seconds + Int64.random(in: -jitter...jitter)
  }
}

/// Marks a mail and sends it, in as many transactions as its recipients need.
package struct Courier: Sendable {
  private let client: SMTPClient
  private let ownMail: OwnMail

  package init(_ client: SMTPClient, _ ownMail: OwnMail) {
    self.client = client
    self.ownMail = ownMail
  }

  package func send(
    _ mail: OutgoingMail, to server: SMTPServer, _ now: Int64
  ) async -> SendResult {
    var result = SendResult([RecipientResult]())
    var rest = mail.recipients[...]
    while !rest.isEmpty {
      var piece = mail
      piece.recipients = Array(rest.prefix(client.limits.recipientsMax))
      rest = rest.dropFirst(client.limits.recipientsMax)
      let sent = await client.send(ownMail.stamped(piece, now: now), to: server)
      result.recipients += sent.recipients
      result.reply = sent.reply ?? result.reply
      if sent.failure?.isOfServer == true, !rest.isEmpty {
        let failure = sent.failure ?? .unreachable("")
        result.recipients += rest.map { RecipientResult(recipient: $0, failure: failure) }
        return result
      }
    }
    return result
  }
}
