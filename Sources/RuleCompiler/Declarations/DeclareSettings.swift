// `settings :admin ADDRESS :daemon ADDRESS;`: whom notices go to, and whom they are from.

import RuleBytecode

enum DeclareSettings: DeclarationCommand {
  static let signature = Signature(
    name: "settings", availability: .ours,
    tags: [TagSignature("admin", .string), TagSignature("daemon", .string)])
  static let role = DeclarationRole.settings

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing(":admin or :daemon", expected: .tag, of: "settings")),
        at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    for tag in call.tags {
      guard let literal = tag.string, let text = context.constant(call, tag.name) else {
        return nil
      }
      guard Literals.isAddress(text) else {
        context.report(.literal(.address(text)), at: literal.range)
        return nil
      }
      values.append(DeclaredValue(tag.name, text))
    }
    return values
  }
}
