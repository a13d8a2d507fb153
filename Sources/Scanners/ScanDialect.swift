// What the scanners differ in: the words of a call, and what the answers mean.

/// The host whose turn it is: each exchange is over a connection of its own.
typealias Asking = Exchange

protocol ScanDialect: Sendable {
  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer

  /// Gives it a message to learn from.
  func learn(_ job: ScanJob, isSpam: Bool, _ ask: Asking) async throws(ScanFailure)

  /// Asks whether the host is alive; the answer is what it says of itself.
  func probe(_ ask: Asking) async throws(ScanFailure) -> String
}

extension ScanDialect {
  func learn(_ job: ScanJob, isSpam: Bool, _ ask: Asking) async throws(ScanFailure) {
    throw .refused("it does not learn")
  }
}

package enum ScannerKind: Sendable, Hashable {
  case clamd
  /// - Parameter user: whose preferences count, where a job does not say.
  case spamd([SpamQuestion], user: String? = nil)
  case rspamd
  /// - Parameter service: what stands behind the host in its address, without the first `/`.
  case icap(service: String)
  case program(ScanProgram)

  /// What each takes unless its administrator says otherwise; none of them can be asked.
  package var messageBytesMax: Int {
    switch self {
    // StreamMaxLength of clamd.conf(5): 100 MB.
    case .clamd: 104_857_600
    // spamd has no bound, but seconds go by for each megabyte; spamc's own is 500 kB.
    case .spamd: 524_288
    // max_message of rspamd's options: 50 MB.
    case .rspamd: 52_428_800
    // virus_scan.MaxObjectSize as c-icap comes: it lets what is larger pass unseen.
    case .icap: 5_242_880
    case .program: 104_857_600
    }
  }

  func dialect(_ limits: ScannerLimits) -> any ScanDialect {
    switch self {
    case .clamd: ClamDialect(limits: limits)
    case .spamd(let questions, let user):
      SpamDialect(limits: limits, questions: questions, user: user)
    case .rspamd: RspamdDialect(limits: limits)
    case .icap(let service): ICAPDialect(limits: limits, service: service)
    case .program(let program): ProgramDialect(program, limits)
    }
  }
}
