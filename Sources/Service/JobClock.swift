// The jobs of `every`, by the clock: each first runs when its period is over, then again and again,
// one run at a time; a run that takes longer than the period skips what it missed. They end with
// the policy, at a reload, and each begins its period anew with the next.
internal import Logs
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM
internal import Synchronization

final class JobClock: Sendable {
  private let current: CurrentPolicy
  private let log: @Sendable (String) -> Void
  private let running = Mutex<[Task<Void, Never>]>([])

  /// - Parameter log: takes one line.
  init(_ current: CurrentPolicy, log: @escaping @Sendable (String) -> Void) {
    self.current = current
    self.log = log
  }

  /// Ends the jobs of the former policy and starts those of the one that is live.
  func restart() {
    let program = current.current.program.program
    let tasks = program.jobs.enumerated().map { index, job in
      Task { [current, log] in
        await Self.keep(job.seconds) {
          let run = JobRun(current: current, index: index, name: job.name)
          for line in await run.lines() { log(line) }
        }
      }
    }
    let former = running.withLock { running in
      defer { running = tasks }
      return running
    }
    for task in former { task.cancel() }
  }

  func stop() {
    for task in running.withLock({ $0 }) { task.cancel() }
  }

  /// At the end of each period since the beginning, but for those that passed while it ran.
  private static func keep(_ seconds: Int, _ work: () async -> Void) async {
    let clock = ContinuousClock()
    let period = Duration.seconds(seconds)
    var next = clock.now + period
    while !Task.isCancelled {
      do { try await clock.sleep(until: next) } catch { return }
      await work()
      while next <= clock.now { next += period }
    }
  }
}

/// One run of one job.
struct JobRun: Sendable {
  let current: CurrentPolicy
  /// Into the program's timers.
  let index: Int
  let name: String

  /// Runs it.
  /// - Returns: what it has to say, each line with the job's name.
  func lines() async -> [String] {
    let (session, checks) = current.job(named: name)
    // Lists that were read again are another policy with the same jobs.
    guard session.policy.program.program.timers.indices.contains(index) else {
      return []
    }
    var result = session.job(index)
    while case .waiting(let requests) = result {
      let answers = await Self.answers(requests, checks)
      if Task.isCancelled { return [] }
      var next: RunResult?
      for (id, answer) in answers { next = session.answer(id, answer) ?? next }
      guard let next = next ?? session.expireChecks() else { return [] }
      result = next
    }
    var lines = MessageLines.texts(of: session.decisions)
    if case .decided(let verdict?) = result {
      lines.append("given up: \(Self.cause(of: verdict))")
    }
    lines += TraceText.lines(session.takeTrace()).map { "trace: \($0)" }
    for (_, answer) in await Self.answers(session.noticeRequests(), checks) {
      guard case .errands(let results) = answer else { continue }
      for case .failed(let reason) in results { lines.append("a notice failed: \(reason)") }
    }
    return lines.map { "\(key): \($0)" }
  }

  private static func cause(of verdict: Verdict) -> String {
    switch verdict.cause {
    case .rule: verdict.kind.name
    case .failure(let failure): "failed=\(failure.name)"
    case .trap(let trap): trap.message
    }
  }

  private var key: String { "every \(TraceText.printable(name))" }

  /// All of them asked at once; each answers at the latest when its time is over.
  private static func answers(
    _ requests: [CheckRequest], _ checks: any CheckService
  ) async -> [(UInt32, CheckAnswer)] {
    await withTaskGroup(of: (UInt32, CheckAnswer).self) { group in
      for request in requests {
        group.addTask {
          await withCheckedContinuation { continuation in
            _ = checks.start(request) { continuation.resume(returning: (request.id, $0)) }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}
