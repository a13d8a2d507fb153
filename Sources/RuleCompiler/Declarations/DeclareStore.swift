// `store :directory PATH [:url URL] [:expire SECONDS] [:mode MODE] "name";`: where
// `replace_with_link`, `save_copy` and `quarantine` put things.

import RuleBytecode

enum DeclareStore: DeclarationCommand {
  static let signature = Signature(
    name: "store", availability: .ours,
    tags: [
      TagSignature("directory", .string), TagSignature("url", .string),
      TagSignature("expire", .number), TagSignature("mode", .string),
    ],
    positional: [.init("name", .string)])
  static let role = DeclarationRole.store
  static let kind: DeclarationKind? = .store

  /// A minute to ten years.
  static let expireSeconds = 60...315_360_000

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard let directory = call.tag("directory")?.string else {
      context.report(
        .argument(.missing(":directory", expected: .tag, of: "store")), at: call.name.range)
      return nil
    }
    guard let path = context.path(directory, ":directory", of: "store") else { return nil }
    var values = [DeclaredValue("directory", path)]
    if let literal = call.tag("url")?.string, let url = context.constant(call, "url") {
      guard Literals.isURL(url, schemes: ["http", "https"]) else {
        context.report(.literal(.url(url, schemes: ["http", "https"])), at: literal.range)
        return nil
      }
      values.append(DeclaredValue("url", url))
    }
    if let expire = context.number(call, "expire", in: expireSeconds) {
      values.append(DeclaredValue("expire", String(expire)))
    }
    if let literal = call.tag("mode")?.string, let mode = context.constant(call, "mode") {
      guard Literals.isFileMode(mode) else {
        context.report(.literal(.fileMode(mode)), at: literal.range)
        return nil
      }
      values.append(DeclaredValue("mode", mode))
    }
    return values
  }
}
