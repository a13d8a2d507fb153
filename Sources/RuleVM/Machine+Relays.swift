// `trusted_relays`: who the client was that handed the mail to the first of our own hosts, told by
// the Received fields that those hosts wrote. A field is believed only when the host that wrote it
// is trusted: the topmost one is the peer's, the next one that of the host which it names.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// From here to the end of the message `client.*` is the first hop outside, where the peer is a
  /// trusted relay. What its fields do not tell is absent, and matches nothing.
  mutating func followRelays(_ program: borrowing VerifiedProgram) throws(Trap) {
    guard !own.relays.isEmpty, let message, let peer = facts[.clientDirectIP] else { return }
    let direct = String(decoding: bytes(of: peer, program), as: UTF8.self)
    guard isRelay(direct, program) else { return }
    var current: (address: String, name: String?)? = (direct, nil)
    var hopCount = 0
    hops: for field in message.fields(named: "Received") {
      hopCount += 1
      guard hopCount <= limits.relayHopsMax else {
        current = nil
        break
      }
      try charge(min(field.value.count, ReceivedHop.bytesMax) * 2 + ByteCost.tableVisit)
      switch ReceivedHop(message.bytes[field.value]) {
      case .unreadable:
        current = nil
        break hops
      case .local: break hops
      case .host(let address, let name):
        // The host itself, behind a filter of its own.
        if address.isLoopback { continue }
        current = (address.readable, name)
        if !isRelay(address.readable, program) { break hops }
      }
    }
    guard current?.address != direct else { return }
    facts.setAsidePeer()
    guard let current else { return }
    facts[.clientIP] = try keepForMessage(current.address.utf8)
    facts[.clientName] = try keepForMessage((current.name ?? "[\(current.address)]").utf8)
  }

  private func isRelay(_ address: String, _ program: borrowing VerifiedProgram) -> Bool {
    isOwn(Array(address.utf8)[...], own.relays, program)
  }
}
