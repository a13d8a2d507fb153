// Who wrote to us before and to whom we wrote: what a policy can trust in a sender it knows. An
// address counts, not who stands behind it: ask only where the sender was authenticated.

package struct SenderFacts: Equatable, Sendable {
  /// Its first mail, if there was one.
  package internal(set) var firstSeconds: Int64?
  package internal(set) var lastSeconds: Int64?
  /// Its mails.
  package internal(set) var count: Int64 = 0
  /// When we wrote to it last, if we did.
  package internal(set) var wroteSeconds: Int64?

  static let countMax: Int64 = 1_000_000_000

  init() {}

  mutating func received(now: Int64) {
    firstSeconds = firstSeconds ?? now
    lastSeconds = now
    count = min(count + 1, Self.countMax)
  }

  mutating func wrote(now: Int64) { wroteSeconds = now }

  // MARK: Records

  /// - Parameter record: moments, 0 for never. One in the future is the clock's fault: it counts as
  ///   one of now.
  init(_ record: Record?, now: Int64) throws(MemoryFailure) {
    guard let words = try record?.words(4) else { return }
    func moment(_ word: Int64) -> Int64? { word > 0 ? min(word, now) : nil }
    firstSeconds = moment(words[0])
    lastSeconds = moment(words[1])
    count = words[2]
    wroteSeconds = moment(words[3])
  }

  func record(keepSeconds: Int64) -> Record {
    let last = max(lastSeconds ?? 0, wroteSeconds ?? 0)
    return Record(
      [firstSeconds ?? 0, lastSeconds ?? 0, count, wroteSeconds ?? 0],
      endSeconds: last + Moment.bounded(keepSeconds))
  }
}

/// Blocking; called by threads that may wait.
package struct SenderMemory: Sendable {
  private let records: any RecordStore
  private let keepSeconds: Int64

  /// - Parameter keepSeconds: after the last mail from or to it, an address is forgotten.
  package init(_ records: any RecordStore, keepSeconds: Int64 = 31_536_000) {
    self.records = records
    self.keepSeconds = keepSeconds
  }

  /// Notes a mail from an address.
  /// - Parameters:
  ///   - scope: whose correspondent it is; each remembers for itself.
  ///   - isDry: remembers nothing.
  /// - Returns: what was known before it.
  package func received(
    from address: String, scope: String = "", nowSeconds: Int64, isDry: Bool = false
  ) throws(MemoryFailure) -> SenderFacts {
    try note(address, scope, nowSeconds, isDry) { $0.received(now: $1) }
  }

  /// Notes a mail of ours to an address.
  /// - Returns: what was known before it.
  @discardableResult
  package func wrote(
    to address: String, scope: String = "", nowSeconds: Int64, isDry: Bool = false
  ) throws(MemoryFailure) -> SenderFacts {
    try note(address, scope, nowSeconds, isDry) { $0.wrote(now: $1) }
  }

  private func note(
    _ address: String, _ scope: String, _ nowSeconds: Int64, _ isDry: Bool,
    _ change: (inout SenderFacts, Int64) -> Void
  ) throws(MemoryFailure) -> SenderFacts {
    // The null path is nobody's address.
    guard !address.isEmpty else { return SenderFacts() }
    // A moment of 0 would be none.
    let now = max(Moment.bounded(nowSeconds), 1)
    let key = RecordKey(.sender, [FoldedText.of(scope), FoldedText.of(address)])
    return try records.change([key], nowSeconds: now, isDry: isDry) {
      (found) throws(MemoryFailure) in
      let before = try SenderFacts(found[0], now: now)
      var after = before
      change(&after, now)
      return ([.write(after.record(keepSeconds: keepSeconds))], before)
    }
  }
}
