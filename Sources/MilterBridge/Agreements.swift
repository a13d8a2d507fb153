// What was agreed on each connection of libmilter: after QUIT_NC the next session on it comes
// without negotiation. libmilter tells that a session ends, but not that a connection does, so
// nothing large may hang on one: of policies that need the same only the latest is kept.

package import MilterWire

package struct Agreements {
  private struct Agreement {
    let offer: NegotiationOffer
    /// Into `served`.
    let number: Int
    /// When its latest session was over, in seconds.
    var ended: Int?
  }

  /// For all connections whose MTA was told the same.
  private struct Served {
    var policy: SessionPolicy
    var connections = 0
  }

  private let silenceSeconds: Int
  private var agreements: [UInt: Agreement] = [:]
  private var served: [Int: Served] = [:]
  private var lastNumber = 0
  private var nextSweep = sweepMin

  /// Connections are looked through when there are twice as many as after the last time.
  private static let sweepMin = 1_024
  /// libmilter looks for connections that are silent for too long every ten minutes.
  private static let lateSeconds = 900

  /// - Parameter silenceSeconds: what is silent for longer, libmilter closes.
  package init(silenceSeconds: Int) {
    self.silenceSeconds = silenceSeconds + Self.lateSeconds
  }

  /// Connections that are remembered.
  package var count: Int { agreements.count }

  /// A connection begins. Keys are used again when a connection is gone.
  package mutating func begin(
    _ key: UInt, _ offer: NegotiationOffer, _ policy: SessionPolicy, now: Int
  ) {
    forget(key)
    let number = number(of: policy, now)
    served[number]?.connections += 1
    agreements[key] = Agreement(offer: offer, number: number)
    if agreements.count >= nextSweep { sweep(now) }
  }

  /// A further session of a connection: the offer, and the latest policy with the needs of its own.
  package mutating func resume(_ key: UInt) -> (offer: NegotiationOffer, policy: SessionPolicy)? {
    guard let known = agreements[key], let served = served[known.number] else { return nil }
    agreements[key]?.ended = nil
    return (known.offer, served.policy)
  }

  /// A session is over, and perhaps its connection.
  package mutating func end(_ key: UInt, now: Int) { agreements[key]?.ended = now }

  private mutating func number(of policy: SessionPolicy, _ now: Int) -> Int {
    if let known = served.first(where: { $0.value.policy.needs == policy.needs })?.key {
      served[known]?.policy = policy
      return known
    }
    // Another policy: those before it should not stay for longer than they must.
    sweep(now)
    lastNumber += 1
    served[lastNumber] = Served(policy: policy)
    return lastNumber
  }

  private mutating func forget(_ key: UInt) {
    guard let former = agreements.removeValue(forKey: key) else { return }
    served[former.number]?.connections -= 1
    if served[former.number]?.connections == 0 { served[former.number] = nil }
  }

  /// Forgets the connections that libmilter has closed by now, whatever they were.
  private mutating func sweep(_ now: Int) {
    let gone = agreements.filter { _, known in
      known.ended.map { now - $0 > silenceSeconds } ?? false
    }
    for key in gone.keys { forget(key) }
    nextSweep = max(Self.sweepMin, 2 * agreements.count)
  }
}
