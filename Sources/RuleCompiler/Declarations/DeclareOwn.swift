// `own :domains TABLES :clients TABLES;`: whose domains and clients are ours, for `direction` and
// `submission`.

import RuleBytecode

enum DeclareOwn: DeclarationCommand {
  static let signature = Signature(
    name: "own", availability: .ours,
    tags: [TagSignature("domains", .strings), TagSignature("clients", .strings)])
  static let role = DeclarationRole.own

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing(":domains or :clients", expected: .tag, of: "own")),
        at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    let wanted: [(tag: String, types: [TableType])] = [
      ("domains", [.domain, .set, .map]), ("clients", [.cidr]),
    ]
    for (tag, types) in wanted {
      guard let literals = call.tag(tag)?.value?.strings else { continue }
      guard let tables = context.tables(literals, types, of: "own") else { return nil }
      values += tables.map { DeclaredValue(tag, $0) }
    }
    return values
  }
}
