// `verdict_set [NAMES]`: a hold or quarantine has been recorded, or, behind a loop over recipients,
// one of them has that verdict.

import RuleBytecode

enum TestVerdictSet: TestCommand {
  static let signature = Signature(
    name: "verdict_set", availability: .ours,
    positional: [.init("names", .strings, optional: true)],
    phases: QuerySource.verdictSet.info.phases)

  /// What goes on behind it; any other verdict has ended the run.
  private static let names = ["hold", "quarantine"] + VerdictKind.allCases.map(\.name)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var query = Query(.verdictSet)
    if call.positional[0] != nil {
      guard
        let names = context.words(call.strings(0), "verdict", of: "verdict_set", among: names)
      else { return nil }
      query.names = names
    }
    return CheckedTest(query, at: call.range)
  }
}
