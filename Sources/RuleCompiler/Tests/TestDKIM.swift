// `dkim [MATCH] RESULTS` (RFC 8601 §2.7.1): the best of all signatures. `dkim :domain D [RESULTS]`:
// the best of those by these domains; without results, one of them is valid.

import RuleBytecode

enum TestDKIM: TestCommand {
  static let signature = Signature(
    name: "dkim", availability: .ours,
    tags: Signature.matchTags + [TagSignature("domain", .strings)] + Signature.outsideTags,
    positional: [.init("results", .strings, optional: true)],
    phases: CheckKind.dkim.info.phases, need: .message)

  static let results = ["none", "pass", "fail", "policy", "neutral", "permerror"]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.dkim, call)
    if let domains = call.tag("domain")?.value?.strings {
      check.aspect = AuthenticationQuestion.domain.rawValue
      check.texts = domains.map { context.text($0) }
      for (text, literal) in zip(check.texts, domains) {
        guard let constant = text.constant, !Literals.isDomain(constant) else { continue }
        context.report(.literal(.domain(constant)), at: literal.range)
      }
    }
    if call.has("domain"), call.positional[0] == nil {
      check.plan = .pass
    } else {
      guard let plan = context.results(call, 0, among: results) else { return nil }
      check.plan = plan
    }
    return CheckedTest(check, at: call.range, failures: failures)
  }
}

extension MatchPlan {
  /// The one result that everybody means.
  static var pass: MatchPlan {
    var plan = MatchPlan()
    plan.constantKeys = ["pass"]
    return plan
  }
}
