// Bounds of what policies remember. Each kind of record has its own, so that a flood of one cannot
// push out another: new triples of a greylist never cost a known one its place.

package struct MemoryLimits: Equatable, Sendable {
  /// Triples of a greylist that have not come back yet.
  package var waitingMax = 500_000
  /// Triples that came through.
  package var knownMax = 1_000_000
  /// Networks whose mails that came through are counted.
  package var networksMax = 200_000
  /// Keys of all rates.
  package var ratesMax = 200_000
  /// Values that `duplicate` has seen.
  package var duplicatesMax = 1_000_000
  /// Addresses that wrote to us or to whom we wrote.
  package var sendersMax = 1_000_000
  /// Records that expire in one transaction: nobody waits long for the lock.
  package var expireBatch = 500
  /// Records that make room for one new one, when a lower bound came into force.
  package var roomBatch = 16
  package var lockWaitSeconds = 5

  package init() {}

  func recordsMax(of kind: RecordKind) -> Int {
    switch kind {
    case .waiting: waitingMax
    case .known: knownMax
    case .network: networksMax
    case .rate: ratesMax
    case .duplicate: duplicatesMax
    case .sender: sendersMax
    }
  }
}
