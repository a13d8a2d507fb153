// `header [MATCH] [:index n [:last]] [:mime …] NAMES KEYS` (RFC 5228 §5.7, RFC 5260 §6, RFC 5703
// §4): the decoded value of a field of these names, or a piece of it.

import RuleBytecode

enum TestHeader: TestCommand {
  static let signature = Signature(
    name: "header",
    tags: Signature.matchTags + Signature.indexTags + Signature.mimeTags
      + Signature.mimeAspectTags,
    positional: [.init("header names", .strings), .init("key list", .strings)],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = context.fieldNames(call, 0)
    let plan = context.match(call, keys: 1)
    guard let names, let plan else { return nil }
    var query = Query(.header, plan: plan)
    context.addFields(names, of: call, to: &query)
    return CheckedTest(query, at: call.range)
  }
}
