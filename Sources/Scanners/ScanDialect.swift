// What the scanners differ in: the words of a call, and what the answers mean.

/// One exchange with the host whose turn it is, each over a connection of its own.
typealias Asking =
  @Sendable (OutgoingRequest, ReplyFrame) async throws(ScanFailure) -> Reply

protocol ScanDialect: Sendable {
  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer

  /// Asks whether the host is alive; the answer is what it says of itself.
  func probe(_ ask: Asking) async throws(ScanFailure) -> String
}

package enum ScannerKind: Sendable, Hashable {
  case clamd
  case spamd([SpamQuestion])
  case rspamd

  /// What each takes unless its administrator says otherwise; none of them can be asked.
  package var messageBytesMax: Int {
    switch self {
    // StreamMaxLength of clamd.conf(5): 100 MB.
    case .clamd: 104_857_600
    // spamd has no bound, but seconds go by for each megabyte; spamc's own is 500 kB.
    case .spamd: 524_288
    // max_message of rspamd's options: 50 MB.
    case .rspamd: 52_428_800
    }
  }

  func dialect(_ limits: ScannerLimits) -> any ScanDialect {
    switch self {
    case .clamd: ClamDialect(limits: limits)
    case .spamd(let questions): SpamDialect(limits: limits, questions: questions)
    case .rspamd: RspamdDialect(limits: limits)
    }
  }
}
