// `arc [MATCH] RESULTS` (RFC 8617 §5.2): the state of the ARC chain. `arc :sealer TABLES`: the
// chain holds, and the domain of its newest seal stands in one of these tables.

import RuleBytecode

enum TestARC: TestCommand {
  static let signature = Signature(
    name: "arc", availability: .ours,
    tags: Signature.matchTags + [TagSignature("sealer", .strings, group: "match")]
      + Signature.outsideTags,
    positional: [.init("results", .strings, optional: true)],
    phases: CheckKind.arc.info.phases, need: .message)

  static let results = ["none", "pass", "fail"]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.arc, call)
    guard let literals = call.tag("sealer")?.value?.strings else {
      guard let plan = context.results(call, 0, among: results) else { return nil }
      check.plan = plan
      return CheckedTest(check, at: call.range, failures: failures)
    }
    if let extra = call.positional[0] {
      context.report(.argument(.extra(of: "arc :sealer")), at: extra.range)
      return nil
    }
    guard let names = context.tables(literals, [.domain, .set, .map], of: "arc :sealer") else {
      return nil
    }
    check.aspect = AuthenticationQuestion.domain.rawValue
    check.plan = MatchPlan()
    check.plan?.type = .list
    check.plan?.tables = names.compactMap { context.names.tables[$0] }
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
