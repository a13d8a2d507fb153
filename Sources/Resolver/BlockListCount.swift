// What several lists say about one key, counted: it is listed when so many of them say so. The
// count is a value that takes answers as they come, in any order, and is decided as early as it
// can be.

package import RuleBytecode

/// What one list says.
package enum BlockListAnswer: Hashable, Sendable {
  case notListed
  /// With the codes that were wanted.
  case listed([IPAddress])
  /// 127.255.255.x, by which lists say that they do not answer us (a public resolver, too many
  /// questions, a mistyped zone): the same for every key, so it says nothing about this one.
  case refused(IPAddress)
  /// An address outside of 127.0.0.0/8 (RFC 5782 §2.3): the zone is no list any more, or someone
  /// answers for names that are not there.
  case noList(IPAddress)
  case failed(DNSFailure)

  /// - Parameter wanted: the codes that count; all when empty.
  package init(_ answer: DNSAnswer, wanted: Set<IPAddress>) {
    switch answer {
    case .failed(let failure): self = .failed(failure)
    case .none: self = .notListed
    case .records(let records, _):
      let codes = records.compactMap(\.address)
      if let alien = codes.first(where: { !($0.isIPv4 && $0.isLoopback) }) {
        self = .noList(alien)
      } else if let refusal = codes.first(where: { $0.bytes[13...14] == [255, 255] }) {
        self = .refused(refusal)
      } else {
        let hits = wanted.isEmpty ? codes : codes.filter(wanted.contains)
        self = hits.isEmpty ? .notListed : .listed(hits)
      }
    }
  }

  /// Whether it is known.
  fileprivate var isAnswer: Bool {
    switch self {
    case .notListed, .listed: true
    case .refused, .noList, .failed: false
    }
  }
}

package struct BlockListHit: Hashable, Sendable {
  package let zone: DNSName
  package let codes: [IPAddress]
}

package enum BlockListOutcome: Hashable, Sendable {
  case listed([BlockListHit])
  case notListed
  /// Those that did not answer could have made the difference.
  case unknown(zone: DNSName, BlockListAnswer)
}

package struct BlockListCount: Sendable {
  private let hitsWanted: Int
  private var open: Int
  private var hits: [BlockListHit] = []
  private var troubles: [(zone: DNSName, answer: BlockListAnswer)] = []

  /// - Parameter hitsWanted: how many lists must have it, at least one.
  package init(lists: Int, hitsWanted: Int = 1) {
    open = lists
    self.hitsWanted = max(1, hitsWanted)
  }

  /// Nil while it is open; whatever comes after it is decided changes nothing that matters.
  package var outcome: BlockListOutcome? {
    if hits.count >= hitsWanted { return .listed(hits) }
    if hits.count + troubles.count + open < hitsWanted { return .notListed }
    if open > 0 { return nil }
    guard let trouble = troubles.first else { return .notListed }
    return .unknown(zone: trouble.zone, trouble.answer)
  }

  /// Each list answers once.
  package mutating func take(_ answer: BlockListAnswer, of zone: DNSName) {
    open -= 1
    if case .listed(let codes) = answer { hits.append(BlockListHit(zone: zone, codes: codes)) }
    if !answer.isAnswer { troubles.append((zone, answer)) }
  }
}
