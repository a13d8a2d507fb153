// The memory behind the test `duplicate` (RFC 7352).

package struct DuplicateQuestion: Equatable, Sendable {
  /// Message-ID, a field's value or the policy's own text.
  package let uniqueID: String
  /// Each remembers for itself (RFC 7352 §3.2).
  package let handle: String
  package let seconds: Int64
  /// `:last`: the time counts from the last sight, not from the first (RFC 7352 §3.3).
  package let isFromLast: Bool

  package init(
    uniqueID: String, handle: String = "", seconds: Int64 = 604_800, isFromLast: Bool = false
  ) {
    self.uniqueID = uniqueID
    self.handle = handle
    self.seconds = seconds
    self.isFromLast = isFromLast
  }
}

/// Blocking; called by threads that may wait.
package struct DuplicateMemory: Sendable {
  private let records: any RecordStore

  package init(_ records: any RecordStore) { self.records = records }

  /// Whether the value was seen within its time; from now on it was.
  ///
  /// A message that is told to come again was not seen: RFC 7352 §3 lets a value be noted only when
  /// all went well. Who asks before that asks dry, and once more when the message is taken.
  /// - Parameter isDry: says what it would answer and remembers nothing.
  package func isDuplicate(
    _ question: DuplicateQuestion, nowSeconds: Int64, isDry: Bool = false
  ) throws(MemoryFailure) -> Bool {
    let now = Moment.bounded(nowSeconds)
    let span = Moment.bounded(question.seconds)
    let key = RecordKey(.duplicate, [question.handle, question.uniqueID])
    return try records.change([key], nowSeconds: now, isDry: isDry) {
      (found) throws(MemoryFailure) in
      let seen = try found[0]?.words(1)[0]
      let (since, isDuplicate) = Self.decide(seen, span, question.isFromLast, now)
      let isChanged = since != seen
      return ([isChanged ? .write(Record([since], endSeconds: since + span)) : .keep], isDuplicate)
    }
  }

  /// The moment that counts from now on, and the answer.
  static func decide(
    _ seen: Int64?, _ span: Int64, _ isFromLast: Bool, _ now: Int64
  ) -> (since: Int64, isDuplicate: Bool) {
    // A sight in the future is the clock's fault: it counts as one of now.
    guard let first = seen.map({ min($0, now) }), now - first < span else { return (now, false) }
    return (isFromLast ? now : first, true)
  }
}
