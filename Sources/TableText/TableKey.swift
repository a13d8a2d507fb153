// Under which keys a value may stand in a table: the whole address or its domain, a domain or one
// above it. One place for the tables of the image, those of files, and those asked outside.

package import RuleBytecode

package enum TableKey {
  /// Asks for the key itself and those that stand for it, the nearest first, until there is one.
  package static func first<Found>(
    _ subject: ArraySlice<UInt8>, as type: TableType, _ find: (ArraySlice<UInt8>) -> Found?
  ) -> Found? {
    switch type {
    case .set, .map, .cidr, .regex: find(subject)
    case .domain: firstDomain(subject, find)
    case .address: firstMailbox(subject, find)
    }
  }

  /// All of those keys in their order, for a table that is asked one by one. A name with more dots
  /// than any that people use is asked whole and by its last names only: a sender must not buy a
  /// question for each of a hundred dots.
  package static func all(
    _ subject: ArraySlice<UInt8>, as type: TableType, max: Int
  ) -> [ArraySlice<UInt8>] {
    var keys: [ArraySlice<UInt8>] = []
    let nothing: Never? = first(subject, as: type) { key in
      if !key.isEmpty { keys.append(key) }
      return nil
    }
    precondition(nothing == nil && max > 0, "nothing was found, and something may be asked")
    guard keys.count > max else { return keys }
    return [keys[0]] + keys.suffix(max - 1)
  }

  /// Which sections of a table stand for a scope: an address itself, then `@` and its domain.
  package static func sections(of scope: ArraySlice<UInt8>) -> [[UInt8]] {
    let whole = scope.map(LoadedTable.folded)
    guard let at = whole.lastIndex(of: UInt8(ascii: "@")), at > 0 else { return [whole] }
    return [whole, Array(whole[at...])]
  }

  /// The domain itself or any domain above it; of an address its domain. A name of DNS has at most
  /// 255 bytes (RFC 1035 §2.3.4), so of a longer text only its ends are looked up: a sender cannot
  /// buy a lookup for each of a million dots.
  private static func firstDomain<Found>(
    _ subject: ArraySlice<UInt8>, _ find: (ArraySlice<UInt8>) -> Found?
  ) -> Found? {
    var rest = subject
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
    while true {
      if rest.count <= 255, let found = find(rest) { return found }
      guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return nil }
      rest = rest[(dot + 1)...]
    }
  }

  /// `user@domain`, then `@domain`, then `user@`.
  private static func firstMailbox<Found>(
    _ address: ArraySlice<UInt8>, _ find: (ArraySlice<UInt8>) -> Found?
  ) -> Found? {
    guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    return find(address) ?? find(address[at...]) ?? find(address[...at])
  }
}
