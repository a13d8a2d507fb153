// `table :inline [ENTRIES] [:type T] NAME;`

import RuleBytecode

extension CheckContext {
  private static let tableSignature = Signature(
    name: "table", availability: .ours,
    tags: [TagSignature("inline", .strings), TagSignature("type", .string)],
    positional: [.init("name", .string)])

  mutating func checkTable(_ command: Command) {
    guard let call = ArgumentBinder.bind(command, Self.tableSignature, &self),
      let literal = call.string(0), let (name, range) = takeName(literal, .table)
    else {
      hasHoles = true
      return
    }
    guard let kind = tableType(call) else {
      hasHoles = true
      return
    }
    guard let entries = call.tag("inline")?.value?.strings else {
      report(
        .argument(.missing(":inline", expected: .list, of: "table")), at: command.name.range)
      return
    }
    names.tables[name] = table(name, kind, entries, at: range)
  }

  private mutating func tableType(_ call: Call) -> TableType? {
    guard let literal = call.tag("type")?.string else { return .set }
    guard let name = constant(literal, ":type", of: "table") else { return nil }
    let possible: [TableType] = [.set, .cidr, .domain, .address]
    if let kind = possible.first(where: { $0.name == name }) { return kind }
    let known = possible.map(\.name)
    let nearest = nearest(to: name, among: known)
    report(
      .name(.unknownValue(name, of: ":type", nearest: nearest, known: known)), at: literal.range)
    return nil
  }

  private mutating func table(
    _ name: String, _ kind: TableType, _ literals: [StringLiteral], at range: SourceRange
  ) -> Table {
    var table = Table(name: name, kind: kind, range: range)
    var seen: Set<String> = []
    for literal in literals {
      guard let entry = constant(literal, ":inline", of: "table") else { continue }
      guard add(entry, to: &table, at: literal.range) else {
        report(.literal(.tableEntry(entry, type: kind.name)), at: literal.range)
        continue
      }
      // A set can be asked by i;octet, for which two spellings are two keys.
      if !seen.insert(kind == .set ? entry : entry.lowercasedASCII).inserted {
        report(.flow(.duplicateKey(entry)), at: literal.range)
      }
    }
    return table
  }

  /// False when the entry does not fit the type.
  private mutating func add(
    _ entry: String, to table: inout Table, at range: SourceRange
  ) -> Bool {
    switch table.kind {
    case .set, .map, .regex:
      guard !entry.isEmpty else { return false }
    case .domain:
      guard Literals.isDomain(entry) else { return false }
    case .address:
      guard Literals.isAddressEntry(entry) else { return false }
    case .cidr:
      guard let network = network(entry, at: range) else { return true }
      table.networks.append(network)
      return true
    }
    table.entries.append(Array(entry.utf8))
    return true
  }
}
