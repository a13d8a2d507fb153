// `submission KINDS`: how the mail comes in, as one of local, authenticated and remote.

import RuleBytecode

enum TestSubmission: TestCommand {
  static let signature = Signature(
    name: "submission", availability: .ours, positional: [.init("kinds", .strings)],
    phases: QuerySource.submission.info.phases, need: .sender)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let known = SubmissionKind.allCases.map(\.name)
    guard let kinds = context.words(call.strings(0), "kind", of: "submission", among: known) else {
      return nil
    }
    var query = Query(.submission)
    query.names = kinds
    let isAll = kinds.count == known.count
    return CheckedTest(query, at: call.range, constant: isAll ? true : nil)
  }
}
