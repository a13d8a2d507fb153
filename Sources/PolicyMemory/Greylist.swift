// The memory behind the test `greylist`: reads what is known of a triple (network of the client,
// sender, recipient), lets `GreylistState` decide, and writes what changed.

package struct GreylistQuestion: Equatable, Sendable {
  package let client: String
  package let sender: String
  /// One, or all of a message with blanks between them.
  package let recipient: String

  package init(client: String, sender: String, recipient: String) {
    self.client = client
    self.sender = sender
    self.recipient = recipient
  }
}

/// Blocking; called by threads that may wait.
package struct Greylist: Sendable {
  private let records: any RecordStore

  package init(_ records: any RecordStore) { self.records = records }

  /// - Parameter isDry: says what it would answer and remembers nothing (a rule that is observed).
  package func decide(
    _ question: GreylistQuestion, _ parameters: GreylistParameters = GreylistParameters(),
    nowSeconds: Int64, isDry: Bool = false
  ) throws(MemoryFailure) -> GreylistDecision {
    let now = Moment.bounded(nowSeconds)
    return try records.change(Self.keys(question, parameters), nowSeconds: now, isDry: isDry) {
      (found) throws(MemoryFailure) in
      let before = try GreylistState(found)
      var after = before
      let decision = after.decide(parameters, now: now)
      return (after.changes(from: before, parameters), decision)
    }
  }

  private static func keys(
    _ question: GreylistQuestion, _ parameters: GreylistParameters
  ) -> [RecordKey] {
    let network = ClientNetwork.text(
      of: question.client, net4Bits: parameters.net4Bits, net6Bits: parameters.net6Bits)
    let triple = [network, FoldedText.of(question.sender), FoldedText.of(question.recipient)]
    let keys = [RecordKey(.waiting, triple), RecordKey(.known, triple)]
    return parameters.allowAfter > 0 ? keys + [RecordKey(.network, [network])] : keys
  }
}

extension GreylistState {
  /// - Parameter records: waiting, known and, where it is asked for, network.
  init(_ records: [Record?]) throws(MemoryFailure) {
    waitingSince = try records[0]?.words(1)[0]
    knownSeconds = try records[1]?.words(1)[0]
    if records.count > 2, let words = try records[2]?.words(2) {
      goods = Goods(count: words[0], lastSeconds: words[1])
    }
  }

  func changes(from before: Self, _ parameters: GreylistParameters) -> [RecordChange] {
    let waiting = Self.change(before.waitingSince, waitingSince) { since in
      // A try in the last second still finds it.
      Record([since], endSeconds: since + parameters.lastRetry + 1)
    }
    let known = Self.change(before.knownSeconds, knownSeconds) { last in
      Record([last], endSeconds: last + parameters.keep)
    }
    guard parameters.allowAfter > 0 else { return [waiting, known] }
    let network = Self.change(before.goods, goods) { goods in
      Record([goods.count, goods.lastSeconds], endSeconds: goods.lastSeconds + parameters.keep)
    }
    return [waiting, known, network]
  }

  private static func change<Fact: Equatable>(
    _ before: Fact?, _ after: Fact?, _ record: (Fact) -> Record
  ) -> RecordChange {
    if before == after { return .keep }
    return after.map { .write(record($0)) } ?? .remove
  }
}
