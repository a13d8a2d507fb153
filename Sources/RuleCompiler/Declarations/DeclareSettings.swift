// `settings :admin ADDRESS :daemon ADDRESS …;`: whom notices go to, whom they are from, and what
// Sieve's extensions leave to the site.

import RuleBytecode

enum DeclareSettings: DeclarationCommand {
  static let signature = Signature(
    name: "settings", availability: .ours,
    tags: [
      TagSignature("admin", .string), TagSignature("daemon", .string),
      TagSignature("recipient_delimiter", .string), TagSignature("spam_header", .string),
      TagSignature("spam_max", .string), TagSignature("virus_header", .string),
    ])
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
      if let problem = problem(tag.name, text) {
        context.report(.literal(problem), at: literal.range)
        return nil
      }
      values.append(DeclaredValue(tag.name, text))
    }
    return values
  }

  private static func problem(_ tag: String, _ text: String) -> LiteralProblem? {
    switch tag {
    case "recipient_delimiter":
      let isSound = !text.isEmpty && Literals.control(in: text) == nil
      return isSound ? nil : .badSetting(text, of: tag)
    case "spam_header", "virus_header": return Literals.isHeaderName(text) ? nil : .headerName(text)
    case "spam_max":
      return (Decimal.parse(Array(text.utf8)) ?? 0) > 0 ? nil : .badSetting(text, of: tag)
    default: return Literals.isAddress(text) ? nil : .address(text)
    }
  }
}
