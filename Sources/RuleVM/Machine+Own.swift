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
    var paths = accepted
    if phase == .rcpt {
      paths = facts[.rcpt].map { [Array(bytes(of: $0, program))] } ?? []
    } else if let index = recipient(ofLoop: loop) {
      paths = [accepted[index]]
    }
    for path in paths {
      let tableCount = own.domains.count
      try charge(path.count + tableCount * (ByteCost.tableVisit + path.count))
      let domain = Array(AddressParser.path(path.span).domain.utf8)[...]
      guard !domain.isEmpty, !isOwn(domain.folded, own.domains, program) else { continue }
      return isOurs ? .out : .relay
    }
    return isOurs ? .inside : .in
  }
}
