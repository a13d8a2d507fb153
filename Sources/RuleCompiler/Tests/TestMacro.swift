// `macro [MATCH] NAME [KEYS]`: a macro of the mail server is there, or its value is one of these.

import RuleBytecode

enum TestMacro: TestCommand {
  static let signature = Signature(
    name: "macro", availability: .ours, tags: Signature.matchTags,
    positional: [.init("name", .string), .init("keys", .strings, optional: true)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let literal = call.string(0), let name = context.constant(literal, "name", of: "macro")
    else { return nil }
    let bare =
      name.hasPrefix("{") && name.hasSuffix("}") ? String(name.dropFirst().dropLast()) : name
    guard !bare.isEmpty, bare.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 123 && $0 != 125 })
    else {
      context.report(.argument(.emptyValue("name", of: "macro")), at: literal.range)
      return nil
    }
    var query = Query(.macro)
    query.word = bare
    if call.positional[1] != nil {
      guard let plan = context.match(call, keys: 1) else { return nil }
      query.plan = plan
    } else if let tag = call.tags.first {
      context.report(
        .argument(.tagNeeds(tag.name, needs: "keys", of: "macro")), at: tag.range)
      return nil
    }
    return CheckedTest(query, at: call.range)
  }
}
