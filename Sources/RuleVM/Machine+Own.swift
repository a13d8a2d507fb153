// Whose domains and clients are ours, and which way a mail goes by that (`own`); which relays are
// trusted.
internal import MailMessage
internal import RuleBytecode
internal import TableText

/// The tables that `own` and `trusted_relays` name, by their index in the program.
struct OwnTables: Sendable {
  var domains: [Int] = []
  var clients: [Int] = []
  /// Those of `trusted_relays`.
  var relays: [Int] = []

  init() {}

  init(_ program: Program) {
    func index(_ table: String) -> Int? {
      program.tables.firstIndex { program.string($0.name) == table }
    }
    if let trusted = program.declaration(.trustedRelays) {
      relays = program.arguments(of: trusted).compactMap { index($0.value) }
    }
    guard let own = program.declaration(.own) else { return }
    for (name, table) in program.arguments(of: own) {
      guard let index = index(table) else { continue }
      if name == "domains" { domains.append(index) } else { clients.append(index) }
    }
  }
}

extension Machine {
  /// Whether one of these tables holds a value.
  func isOwn(
    _ value: ArraySlice<UInt8>, _ indexes: [Int], _ program: borrowing VerifiedProgram
  ) -> Bool {
    indexes.contains { index in
      if let loaded = tables[index] { return loaded.value(for: value) != nil }
      let spec = program.program.tables[index]
      guard spec.keys > 0 else { return false }
      return KeyEntries(program).place(of: value, in: program.program.sets[Int(spec.keys) - 1])
        != nil
    }
  }

  /// True where the policy does not say which domains are ours.
  func mayBeOwnDomain(_ domain: String, _ program: borrowing VerifiedProgram) -> Bool {
    own.domains.isEmpty || isOwn(Array(domain.utf8)[...].folded, own.domains, program)
  }

  /// The client's address stands among our own.
  func isOwnClient(_ program: borrowing VerifiedProgram) -> Bool {
    guard let word = facts[.clientIP] else { return false }
    return isOwn(bytes(of: word, program), own.clients, program)
  }

  /// Who is known to be one of us writes in a name of our own: what is answered to it stays here.
  func isOwnSender(_ program: borrowing VerifiedProgram) -> Bool {
    guard submission != .remote || isOwnClient(program),
      let word = facts[.senderDomain]
    else { return false }
    return isOwn(bytes(of: word, program).folded, own.domains, program)
  }

  /// Ours is who submits here, who has logged in, and our own clients: a sender's domain proves
  /// nothing. A recipient without a domain is of this host.
  mutating func direction(
    loop: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> MailDirection {
    let isOurs = submission != .remote || isOwnClient(program)
    for domain in domainsAtHand(loop, program) {
      try charge(domain.count + own.domains.count * (ByteCost.tableVisit + domain.count))
      guard !domain.isEmpty, !isOwn(domain.folded, own.domains, program) else { continue }
      return isOurs ? .out : .relay
    }
    return isOurs ? .inside : .in
  }

  /// Of the recipient whose run or turn it is, else of all who were accepted.
  private func domainsAtHand(
    _ loop: Int, _ program: borrowing VerifiedProgram
  ) -> [ArraySlice<UInt8>] {
    if phase == .rcpt { return facts[.rcptDomain].map { [bytes(of: $0, program)] } ?? [] }
    if let index = recipient(ofLoop: loop) { return [domain(ofAccepted: index, program)] }
    return accepted.indices.map { domain(ofAccepted: $0, program) }
  }

  private func domain(
    ofAccepted index: Int, _ program: borrowing VerifiedProgram
  ) -> ArraySlice<UInt8> {
    let known = recipients.indices.contains(index) ? recipients[index].facts : []
    if let fact = known.first(where: { $0.fact == .rcptDomain }) {
      return bytes(of: fact.word, program)
    }
    // It has none, or is one of a plain script's, which are known by their addresses alone.
    let address = accepted[index]
    return Array(AddressParser.path(address.span).domain.utf8)[...]
  }
}
