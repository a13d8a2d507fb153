// `key :file PATH "name";`: a private key for `dkim_sign` and `arc_seal`. The image holds the path,
// never what is in the file.

import RuleBytecode

enum DeclareKey: DeclarationCommand {
  static let signature = Signature(
    name: "key", availability: .ours, tags: [TagSignature("file", .string)],
    positional: [.init("name", .string)])
  static let role = DeclarationRole.key
  static let kind: DeclarationKind? = .key

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard let literal = call.tag("file")?.string else {
      context.report(
        .argument(.missing(":file", expected: .tag, of: "key")), at: call.name.range)
      return nil
    }
    return context.path(literal, ":file", of: "key").map { [DeclaredValue("file", $0)] }
  }
}
