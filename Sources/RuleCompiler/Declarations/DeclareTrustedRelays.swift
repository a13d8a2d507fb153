// `trusted_relays "table:our-mx";`: hosts whose Received lines say who the client was.

import RuleBytecode

enum DeclareTrustedRelays: DeclarationCommand {
  static let signature = Signature(
    name: "trusted_relays", availability: .ours, positional: [.init("tables", .strings)])
  static let role = DeclarationRole.trustedRelays

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    context.tables(call.strings(0), [.cidr], of: "trusted_relays")?
      .map { DeclaredValue("table", $0) }
  }
}
