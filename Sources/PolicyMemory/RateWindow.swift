// A sliding window as at most 61 buckets, whatever its length and however much is counted: exact up
// to a minute, beyond that what is up to a sixtieth of the window older counts too, so that more
// than the limit never passes within the window.

struct RateWindow: Equatable, Sendable {
  static let bucketsMax = 61
  /// Sums stay far from overflow and say "over" all the same.
  static let amountMax: Int64 = 1 << 50

  struct Bucket: Equatable, Sendable {
    /// The number of its span of time since 1970.
    let index: Int64
    var amount: Int64
  }

  let windowSeconds: Int64
  let bucketSeconds: Int64
  /// Rising indices.
  private(set) var buckets: [Bucket] = []

  init(windowSeconds: Int64) {
    self.windowSeconds = min(max(windowSeconds, 1), Moment.max)
    bucketSeconds = (self.windowSeconds + 59) / 60
  }

  /// - Parameter words: the first index, then distance from it and amount of each bucket.
  init(windowSeconds: Int64, words: [Int64]) throws(MemoryFailure) {
    self.init(windowSeconds: windowSeconds)
    guard words.count.isMultiple(of: 2) == false, words.count <= 1 + 2 * Self.bucketsMax else {
      throw Record.damaged
    }
    for at in stride(from: 1, to: words.count, by: 2) {
      let index = words[0] + words[at]
      guard buckets.last.map({ $0.index < index }) ?? true else { throw Record.damaged }
      buckets.append(Bucket(index: index, amount: min(words[at + 1], Self.amountMax)))
    }
  }

  /// Counts, and gives what the window then holds.
  mutating func count(_ amount: Int64, now: Int64) -> Int64 {
    let current = now / bucketSeconds
    let first = max(now - windowSeconds + 1, 0) / bucketSeconds
    var counted = min(max(amount, 0), Self.amountMax)
    // What lies in the future is the clock's fault; it was counted, so it counts as of now.
    for bucket in buckets where bucket.index >= current { counted += bucket.amount }
    buckets.removeAll { $0.index < first || $0.index >= current }
    buckets.append(Bucket(index: current, amount: min(counted, Self.amountMax)))
    return buckets.reduce(0) { min($0 + $1.amount, Self.amountMax) }
  }

  var record: Record? {
    guard let first = buckets.first, let last = buckets.last else { return nil }
    let words = buckets.flatMap { [$0.index - first.index, $0.amount] }
    return Record(
      [first.index] + words, endSeconds: (last.index + 1) * bucketSeconds + windowSeconds - 1)
  }
}
