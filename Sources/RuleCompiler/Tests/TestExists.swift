// `exists [:mime [:anychild]] NAMES` (RFC 5228 §5.5, RFC 5703 §4): a field of each name is there.

import RuleBytecode

enum TestExists: TestCommand {
  static let signature = Signature(
    name: "exists", tags: Signature.mimeTags, positional: [.init("header names", .strings)],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let names = context.fieldNames(call, 0) else { return nil }
    var query = Query(.exists)
    context.addFields(names, of: call, to: &query)
    return CheckedTest(query, at: call.range)
  }
}
