// `address [ADDRESS-PART] [MATCH] [:index n [:last]] [:mime [:anychild]] NAMES KEYS` (RFC 5228 §5.1):
// an address in these fields.

import RuleBytecode

enum TestAddress: TestCommand {
  static let signature = Signature(
    name: "address",
    tags: Signature.matchTags + Signature.addressPartTags + Signature.indexTags
      + Signature.mimeTags,
    positional: [.init("header names", .strings), .init("keys", .strings)],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = context.fieldNames(call, 0)
    let plan = context.match(call, keys: 1, subject: .address)
    guard let names, let plan else { return nil }
    var query = Query(.address, plan: plan)
    context.addFields(names, of: call, to: &query)
    return CheckedTest(query, at: call.range)
  }
}
