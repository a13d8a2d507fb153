// One scanner as a policy names it: its hosts, its limits, and how calls to it are held within
// bounds. A call waits for a place, asks the first host that is not left alone, and turns to the
// next when that one fails; all within one deadline.
package import NIOCore
internal import NIOPosix
internal import Synchronization

package final class ScanService: Scanner {
  package struct HostReport: Sendable, Equatable {
    package let host: ScannerHost
    /// What it says of itself.
    package let words: String?
    package let failure: ScanFailure?
  }

  package let hosts: [ScannerHost]
  package let limits: ScannerLimits
  private let dialect: any ScanDialect
  private let group: any EventLoopGroup
  private let gate: CallGate
  private let roster: Mutex<HostRoster>
  private let log: @Sendable (String) -> Void

  /// - Parameters:
  ///   - hosts: at least one, in the order in which they are tried.
  ///   - group: the process's own when nil.
  ///   - log: takes a line whenever a host is left alone, and when it answers again.
  package init(
    _ kind: ScannerKind, _ hosts: [ScannerHost], _ limits: ScannerLimits? = nil,
    group: (any EventLoopGroup)? = nil, log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.log = log
    let limits = limits ?? ScannerLimits(for: kind)
    self.hosts = hosts
    self.limits = limits
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
    dialect = kind.dialect(limits)
    gate = CallGate(callsMax: limits.callsMax, waitingMax: limits.waitingMax)
    roster = Mutex(HostRoster(count: hosts.count, limits))
  }

  package func scan(_ job: ScanJob) async -> ScanAnswer {
    guard job.bytes.count <= limits.messageBytesMax else { return .tooBig }
    let patience = Int64(job.timeoutMilliseconds ?? limits.timeoutMilliseconds)
    let deadline = NIODeadline.now() + .milliseconds(patience)
    do throws(ScanFailure) {
      return try await askHosts(deadline) { (dialect, ask) async throws(ScanFailure) in
        try await dialect.scan(job, ask)
      }
    } catch {
      return .failed(error)
    }
  }

  /// Gives a message to the first host that answers, to learn from; nil when it did.
  package func learn(_ job: ScanJob, isSpam: Bool) async -> ScanFailure? {
    guard job.bytes.count <= limits.messageBytesMax else { return .refused("too big for it") }
    let patience = Int64(job.timeoutMilliseconds ?? limits.timeoutMilliseconds)
    do throws(ScanFailure) {
      try await askHosts(.now() + .milliseconds(patience)) {
        (dialect, ask) async throws(ScanFailure) in
        try await dialect.learn(job, isSpam: isSpam, ask)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Asks each host for a sign of life, whether it is left alone or not.
  package func probe() async -> [HostReport] {
    var reports: [HostReport] = []
    for host in hosts {
      let deadline = NIODeadline.now() + .milliseconds(Int64(limits.connectMilliseconds))
      do throws(ScanFailure) {
        let words = try await dialect.probe(asking(host, deadline))
        reports.append(HostReport(host: host, words: words, failure: nil))
      } catch {
        reports.append(HostReport(host: host, words: nil, failure: error))
      }
    }
    return reports
  }

  /// The state of each host's breaker, for whoever shows how the service is.
  package var breakers: [CircuitBreaker.State] {
    roster.withLock { $0.breakers.map(\.state) }
  }

  /// Calls under way, and calls that wait for a place.
  package var load: (running: Int, waiting: Int) { gate.load }

  /// Waits for a place, then asks the hosts in turn until one answers.
  private func askHosts<Answer: Sendable>(
    _ deadline: NIODeadline,
    _ question: (any ScanDialect, Asking) async throws(ScanFailure) -> Answer
  ) async throws(ScanFailure) -> Answer {
    try await gate.enter(deadline, group.next())
    defer { gate.leave() }
    var last = ScanFailure.leftAlone
    var start = 0
    while let turn = roster.withLock({ $0.next(from: start, .now()) }) {
      do throws(ScanFailure) {
        let answer = try await question(dialect, asking(hosts[turn.index], deadline))
        settle(turn, nil)
        return answer
      } catch {
        settle(turn, error)
        guard error.blame != .nobody, NIODeadline.now() < deadline else { throw error }
        last = error
        start = turn.index + 1
      }
    }
    throw last
  }

  private func settle(_ turn: HostRoster.Turn, _ failure: ScanFailure?) {
    let host = hosts[turn.index]
    switch roster.withLock({ $0.settle(turn, failure, .now()) }) {
    case .leftAlone:
      let reason = failure.map { "\($0)" } ?? ""
      log("scanner \(host) is left alone for \(limits.leaveAloneMilliseconds / 1_000) s: \(reason)")
    case .backAgain: log("scanner \(host) answers again")
    case nil: break
    }
  }

  private func asking(_ host: ScannerHost, _ deadline: NIODeadline) -> Asking {
    Exchange(host: host, limits: limits, deadline: deadline, group: group)
  }
}
