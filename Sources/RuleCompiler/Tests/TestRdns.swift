// `rdns`: the client's name leads back to its address (RFC 8601 §2.7.3). `rdns :dynamic`: the name
// looks like one of a pool that a provider hands out.

import RuleBytecode

enum TestRdns: TestCommand {
  static let signature = Signature(
    name: "rdns", availability: .ours, tags: [TagSignature("dynamic")] + Signature.outsideTags)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.rdns, call)
    let question: ReverseNameQuestion = call.has("dynamic") ? .dynamic : .confirmed
    check.aspect = question.rawValue
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
