// `scanner :clamd|:spamd|:rspamd|:icap|:program ADDRESS "name";`: what `scan` asks.

import RuleBytecode

enum DeclareScanner: DeclarationCommand {
  static let signature = Signature(
    name: "scanner", availability: .ours,
    tags: ["clamd", "spamd", "rspamd", "icap", "program"].map {
      TagSignature($0, .string, group: "scanner")
    },
    positional: [.init("name", .string)])
  static let role = DeclarationRole.scanner
  static let kind: DeclarationKind? = .scanner

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard let tag = call.tags.first, let literal = tag.string else {
      let wanted = ":clamd, :spamd, :rspamd, :icap or :program"
      context.report(
        .argument(.missing(wanted, expected: .tag, of: "scanner")), at: call.name.range)
      return nil
    }
    guard let address = context.constant(literal, ":" + tag.name, of: "scanner") else {
      return nil
    }
    if tag.name == "program" {
      guard context.declared(.program, address, at: literal.range) != nil else { return nil }
    } else if tag.name == "icap" {
      guard Literals.isURL(address, schemes: ["icap"]) else {
        context.report(.literal(.url(address, schemes: ["icap"])), at: literal.range)
        return nil
      }
    } else if !Literals.isSocketAddress(address) {
      context.report(.literal(.socketAddress(address)), at: literal.range)
      return nil
    }
    return [DeclaredValue("kind", tag.name), DeclaredValue("address", address)]
  }
}
