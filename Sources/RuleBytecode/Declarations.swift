// What a policy declares for the whole of it: tables, scanners, stores, keys, settings. Arguments
// are an ordered set of words, name and value in turn; images hold paths, never secrets.

package enum TableType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case set, map, cidr, domain, address, regex
  package var name: String { "\(self)" }
}

package enum TableSource: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case inline, file, cdb, lmdb, sqlite, postgresql, ldap, redis, socketmap, dns
  package var name: String { "\(self)" }

  /// It is asked while mail waits; the others are in memory.
  package var isOutside: Bool { self != .inline && self != .file }
}

package struct TableSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var name: UInt32
  package var type: TableType
  package var source: TableSource
  /// An ordered set of words: the source's address and options, name and value in turn.
  package var arguments: UInt32
  package var timeoutMilliseconds: UInt32
  package var entriesMax: UInt32
  /// The keys of an inline table: a set, plus one; 0 for all others.
  package var keys: UInt32
  /// The values of an inline map, an ordered set in the order of its keys, plus one; 0 for none.
  package var values: UInt32

  package init(
    name: UInt32, type: TableType, source: TableSource, arguments: UInt32,
    timeoutMilliseconds: UInt32, entriesMax: UInt32, keys: UInt32 = 0, values: UInt32 = 0
  ) {
    self.name = name
    self.type = type
    self.source = source
    self.arguments = arguments
    self.timeoutMilliseconds = timeoutMilliseconds
    self.entriesMax = entriesMax
    self.keys = keys
    self.values = values
  }
}

/// What is declared under a name, or set for the whole policy.
package enum DeclarationRole: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case scanner, store, key, program, `switch`, digest
  case trustedRelays, own, settings, limits, mtaTimeouts, onMixed, warnings, mode

  /// The command's name.
  package var name: String { Self.dashed("\(self)", by: "_") }
}

package struct Declaration: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var role: DeclarationRole
  /// String index; the empty string for what has no name.
  package var name: UInt32
  /// An ordered set of words, name and value in turn.
  package var arguments: UInt32

  package init(role: DeclarationRole, name: UInt32, arguments: UInt32) {
    self.role = role
    self.name = name
    self.arguments = arguments
  }
}

extension Program {
  /// The strings of an ordered set.
  package func words(ofSet index: UInt32) -> [String] {
    let set = sets[Int(index)]
    return (Int(set.first)..<Int(set.first) + Int(set.count)).map { entry in
      let range = entries[entry]
      let start = Int(range.offset)
      return String(decoding: stringBytes[start..<start + Int(range.length)], as: UTF8.self)
    }
  }

  /// What a declaration says, by name.
  package func arguments(of declaration: Declaration) -> [(name: String, value: String)] {
    let words = words(ofSet: declaration.arguments)
    return stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
  }

  /// The declaration of that role and name.
  package func declaration(_ role: DeclarationRole, named name: String = "") -> Declaration? {
    declarations.first { $0.role == role && string($0.name) == name }
  }
}
