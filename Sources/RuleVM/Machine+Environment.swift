// `environment` (RFC 5183): the machine's own place and name, and the session's.
internal import RuleBytecode

extension Machine {
  /// The item's value; none for an item that is not known, which matches no key (RFC 5183 §4).
  mutating func environmentValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    guard let item = EnvironmentItem(rawValue: query.detail) else {
      throw .misplaced("environment item \(query.detail)")
    }
    let word: TextWord? =
      switch item {
      case .domain: try serverDomain(program)
      case .host: facts[.serverName]
      case .location: try makeText(settings.location.utf8)
      case .phase: try makeText("pre".utf8)
      case .name: try makeText(settings.name.utf8)
      case .version: try makeText(Defang.version.utf8)
      case .remoteHost: facts[.clientName]
      case .remoteIP: facts[.clientIP]
      case .helo: facts[.helo]
      case .ptr: facts[.clientPTR]
      case .tls: facts[.tlsVersion]
      case .authUser: facts[.authUser]
      case .queueID: facts[.queueID]
      case .policy: try makeText(program.digest.hex.utf8)
      case .unknown: nil
      }
    // A known item without a value is the empty string.
    return item == .unknown ? [] : [word ?? .empty]
  }

  /// What stands behind the first dot of the server's name.
  private mutating func serverDomain(
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    guard let host = facts[.serverName] else { return nil }
    let name = bytes(of: host, program)
    guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return host }
    return try makeText(name[(dot + 1)...])
  }
}
