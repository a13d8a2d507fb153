// `rate :limit n :window s [:count UNIT] KEY`: counts this message, recipient or size under the
// key, and is true when more than the limit came in the window.

import RuleBytecode

enum TestRate: TestCommand {
  static let signature = Signature(
    name: "rate", availability: .ours,
    tags: [
      TagSignature("limit", .number), TagSignature("window", .number),
      TagSignature("count", .string), TagSignature("on_error", .string),
    ],
    positional: [.init("key", .string)])

  private static let limit = 1...(1 << 40)
  private static let windowSeconds = 1...2_678_400

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.rate, call)
    for tag in ["limit", "window"] where !call.has(tag) {
      context.report(
        .argument(.missing(":" + tag, expected: .tag, of: "rate")), at: call.name.range)
      return nil
    }
    let most = context.number("limit", of: call, in: limit, default: 1)
    let window = context.number("window", of: call, in: windowSeconds, default: 1)
    var unit = RateUnit.messages
    if let tag = call.tag("count") {
      let known = RateUnit.allCases.map(\.name)
      guard let word = context.word(tag.string, ":count", of: "rate", among: known),
        let found = RateUnit.allCases.first(where: { $0.name == word })
      else { return nil }
      unit = found
    }
    let possible = unit.phases.phases.map(\.name)
    let isPossible = context.limit(
      to: unit.phases, as: "rate", at: call.tag("count")?.range ?? call.name.range
    ) {
      .dataNotAvailable(unit.name, of: "rate", phase: $0.name, possible: possible)
    }
    guard isPossible, let literal = call.string(0) else { return nil }
    check.constants = [String(most), String(window)]
    check.aspect = unit.rawValue
    check.texts = [context.text(literal)]
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
