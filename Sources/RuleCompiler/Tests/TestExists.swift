// `exists NAMES` (RFC 5228 §5.5): a field of each name is there.

import RuleBytecode

enum TestExists: TestCommand {
  static let signature = Signature(
    name: "exists", positional: [.init("header names", .strings)], phases: .from(.headers),
    need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let names = context.headerNames(call, 0) else { return nil }
    var query = Query(.exists)
    query.names = names
    return CheckedTest(query, at: call.range)
  }
}
