// The memory behind the test `rate`: one sliding window for each key.
package import RuleBytecode

package struct RateParameters: Equatable, Sendable {
  package let limit: Int64
  package let windowSeconds: Int64
  package let unit: RateUnit

  package init(limit: Int64, windowSeconds: Int64, unit: RateUnit = .messages) {
    self.limit = limit
    self.windowSeconds = windowSeconds
    self.unit = unit
  }
}

package struct RateAnswer: Equatable, Sendable {
  /// What the window holds, this one included.
  package let total: Int64
  package let isOver: Bool
}

/// Blocking; called by threads that may wait.
package struct RateCounter: Sendable {
  private let records: any RecordStore

  package init(_ records: any RecordStore) { self.records = records }

  /// Counts this one and says whether the limit is passed. Rules with another limit, window or unit
  /// count for themselves: two that ask with the same key must not count a mail twice.
  /// - Parameter isDry: says what it would answer and counts nothing (a rule that is observed).
  package func count(
    _ amount: Int64 = 1, key: String, _ parameters: RateParameters, nowSeconds: Int64,
    isDry: Bool = false
  ) throws(MemoryFailure) -> RateAnswer {
    let now = Moment.bounded(nowSeconds)
    let name = RecordKey(
      .rate,
      [
        parameters.unit.name, String(parameters.limit), String(parameters.windowSeconds), key,
      ])
    return try records.change([name], nowSeconds: now, isDry: isDry) {
      (found) throws(MemoryFailure) in
      var window = RateWindow(windowSeconds: parameters.windowSeconds)
      if let record = found[0] {
        window = try RateWindow(
          windowSeconds: parameters.windowSeconds, words: record.words)
      }
      let total = window.count(amount, now: now)
      let change = window.record.map { RecordChange.write($0) } ?? .keep
      return ([change], RateAnswer(total: total, isOver: total > parameters.limit))
    }
  }
}
