// `spf [MATCH] RESULTS` (RFC 7208 §2.6): the client may send for this sender. A temperror is an
// error of class `:dns`.

import RuleBytecode

enum TestSPF: TestCommand {
  static let signature = Signature(
    name: "spf", availability: .ours, tags: Signature.matchTags + Signature.outsideTags,
    positional: [.init("results", .strings)], phases: CheckKind.spf.info.phases, need: .sender)

  static let results = ["none", "neutral", "pass", "fail", "softfail", "permerror"]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.spf, call)
    guard let plan = context.results(call, 0, among: results) else { return nil }
    check.plan = plan
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
