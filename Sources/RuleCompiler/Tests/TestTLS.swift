// `tls [:verified] [:bits n]`: the session is encrypted, with a client certificate that the mail
// server could verify, with a key of so many bits at least.

import RuleBytecode

enum TestTLS: TestCommand {
  static let signature = Signature(
    name: "tls", availability: .ours,
    tags: [TagSignature("verified"), TagSignature("bits", .number)],
    phases: QuerySource.tls.info.phases)

  private static let bits = 1...65_536

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var query = Query(.tls)
    query.detail = call.has("verified") ? 1 : 0
    query.index = UInt32(context.number("bits", of: call, in: bits, default: 0))
    return CheckedTest(query, at: call.range)
  }
}
