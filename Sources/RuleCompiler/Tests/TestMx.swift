// `mx :bogus|:missing|:client DOMAIN`: where mail to a domain would go.

import RuleBytecode

enum TestMx: TestCommand {
  static let signature = Signature(
    name: "mx", availability: .ours,
    tags: MXQuestion.allCases.map { TagSignature($0.name, group: "question") }
      + Signature.outsideTags,
    positional: [.init("domain", .string)], phases: CheckKind.mx.info.phases)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.mx, call)
    guard let question = MXQuestion.allCases.first(where: { call.has($0.name) }) else {
      context.report(
        .argument(.missing(":bogus, :missing or :client", expected: .tag, of: "mx")),
        at: call.name.range)
      return nil
    }
    guard let literal = call.string(0) else { return nil }
    let domain = context.text(literal)
    if let constant = domain.constant, !Literals.isDomain(constant) {
      context.report(.literal(.domain(constant)), at: literal.range)
    }
    check.aspect = question.rawValue
    check.texts = [domain]
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
