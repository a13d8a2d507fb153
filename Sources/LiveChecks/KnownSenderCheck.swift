// `sender_known`: what is remembered of an address (`SenderMemory`). Asking notes nothing: the
// end of a message that is accepted notes its correspondents.
internal import PolicyMemory
package import RuleVM

struct KnownSenderCheck: LiveCheck {
  private let services: LiveServices

  init(_ services: LiveServices) { self.services = services }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 1 else { return .unreadable }
    let address = request.arguments[0]
    return await services.remember { (records, now) throws(MemoryFailure) in
      let facts = try SenderMemory(records).received(from: address, nowSeconds: now, isDry: true)
      var fields = ["count": String(facts.count)]
      if let first = facts.firstSeconds { fields["first"] = String(max(now - first, 0)) }
      if let wrote = facts.wroteSeconds { fields["wrote"] = String(max(now - wrote, 0)) }
      return .fields(fields)
    }
  }
}

extension LiveServices {
  /// Blocking: a message was accepted.
  package func note(_ senders: SenderNote) throws(LiveFailure) {
    do throws(MemoryFailure) {
      try memory.use { (records, now) throws(MemoryFailure) in
        let memory = SenderMemory(records)
        if let from = senders.from { _ = try memory.received(from: from, nowSeconds: now) }
        for address in senders.to { try memory.wrote(to: address, nowSeconds: now) }
      }
    } catch {
      throw LiveFailure(error.message)
    }
  }
}
