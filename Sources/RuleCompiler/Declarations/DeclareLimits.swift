// `limits :parts 500 :depth 50 …;`: what of a message is read at most. A policy may only lower what
// the configuration allows.

import RuleBytecode

enum DeclareLimits: DeclarationCommand {
  static let signature = Signature(
    name: "limits", availability: .ours,
    tags: LimitName.allCases.map { TagSignature($0.tag, .number) })
  static let role = DeclarationRole.limits

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing("limit", expected: .tag, of: "limits")), at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    for tag in call.tags {
      guard let name = LimitName.allCases.first(where: { $0.tag == tag.name }),
        let number = context.number(call, tag.name, in: 1...name.most)
      else { return nil }
      values.append(DeclaredValue(name.name, String(number)))
    }
    return values
  }
}
