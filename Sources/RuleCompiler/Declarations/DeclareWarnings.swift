// `warnings :place "inline"|"first"|"last" :preamble TEXT;`: where the texts of `warn` go, and what
// stands before them.

import RuleBytecode

enum DeclareWarnings: DeclarationCommand {
  static let signature = Signature(
    name: "warnings", availability: .ours,
    tags: [TagSignature("place", .string), TagSignature("preamble", .string)])
  static let role = DeclarationRole.warnings

  static let places = ["inline", "first", "last"]

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing(":place or :preamble", expected: .tag, of: "warnings")),
        at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    if call.has("place") {
      guard let place = context.word(call, "place", places) else { return nil }
      values.append(DeclaredValue("place", place))
    }
    if call.has("preamble") {
      guard let preamble = context.constant(call, "preamble") else { return nil }
      values.append(DeclaredValue("preamble", preamble))
    }
    return values
  }
}
