// What a policy says of itself, for whoever works for it beside its sessions.
internal import RuleBytecode
internal import TableText

extension LoadedPolicy {
  /// Whether mail to this address is for one of our domains (`own :domains`).
  package func isOwnRecipient(_ address: String) -> Bool {
    guard let at = address.lastIndex(of: "@") else { return true }
    let domain = Array(address[address.index(after: at)...].lowercased().utf8)[...]
    let program = self.program.program
    return own.domains.contains { index in
      if let loaded = tables[index] { return loaded.value(for: domain) != nil }
      let spec = program.tables[index]
      guard spec.keys > 0 else { return false }
      return KeyEntries(program).place(of: domain, in: program.sets[Int(spec.keys) - 1]) != nil
    }
  }

  /// What `on_mixed` says.
  static func mixedFates(of program: Program) -> [VerdictKind: MixedFate] {
    guard let declared = program.declaration(.onMixed) else { return [:] }
    var fates: [VerdictKind: MixedFate] = [:]
    for (name, value) in program.arguments(of: declared) {
      let kind = VerdictKind.allCases.first { $0.name == name }
      if let kind, let fate = MixedFate(rawValue: value) { fates[kind] = fate }
    }
    return fates
  }

  /// `settings NAME`.
  package func setting(_ name: String) -> String? {
    let program = self.program.program
    return program.declaration(.settings).flatMap { declared in
      program.arguments(of: declared).first { $0.name == name }?.value
    }
  }
}
