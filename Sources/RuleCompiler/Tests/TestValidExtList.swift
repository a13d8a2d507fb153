// `valid_ext_list NAMES` (RFC 6134 §2.7): each of them is a table of this policy.

import RuleBytecode

enum TestValidExtList: TestCommand {
  static let signature = Signature(
    name: "valid_ext_list", availability: .capability("extlists"),
    positional: [.init("list names", .strings)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    if context.isTestSuite { return context.askedOfSuite(call) }
    var plan = MatchPlan()
    plan.comparator = .octet
    plan.everyCandidate = true
    plan.constantKeys = context.names.places.keys.filter { $0.kind == .table }
      .map { "table:" + $0.name }.sorted()
    var query = Query(.text, plan: plan)
    for literal in call.strings(0) {
      if literal.value.hasPrefix("table:") {
        let name = String(literal.value.dropFirst("table:".count))
        context.names.used.insert(DeclaredName(.table, name))
      }
      query.texts.append(context.text(literal))
    }
    return CheckedTest(query, at: call.range)
  }
}
