// `dmarc [MATCH] RESULTS` (RFC 7489 §11.2): SPF or DKIM passes for the domain in From.

import RuleBytecode

enum TestDMARC: TestCommand {
  static let signature = Signature(
    name: "dmarc", availability: .ours, tags: Signature.matchTags + Signature.outsideTags,
    positional: [.init("results", .strings)], phases: CheckKind.dmarc.info.phases,
    need: .message)

  static let results = ["none", "pass", "fail", "permerror"]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.dmarc, call)
    guard let plan = context.results(call, 0, among: results) else { return nil }
    check.plan = plan
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
