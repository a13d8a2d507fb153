// `direction KINDS`: which way the mail goes, given whose domains and clients are ours. In `rcpt`
// and in a loop over recipients it is about that one; elsewhere one recipient outside decides.

import RuleBytecode

enum TestDirection: TestCommand {
  static let signature = Signature(
    name: "direction", availability: .ours, positional: [.init("directions", .strings)],
    phases: QuerySource.direction.info.phases, need: .recipient)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let known = MailDirection.allCases.map(\.name)
    let names = context.words(call.strings(0), "direction", of: "direction", among: known)
    guard context.knowsOwn(for: "direction", at: call.name.range), let names else { return nil }
    var query = Query(.direction)
    query.names = names
    query.loop = context.recipientLoop
    return CheckedTest(
      query, at: call.range, constant: names.count == known.count ? true : nil)
  }
}

extension CheckContext {
  /// Whether the policy says whose domains are ours; if not, that is reported.
  mutating func knowsOwn(for name: String, at range: SourceRange) -> Bool {
    if isWritten(.own) { return true }
    report(.declaration(.ownMissing(name)), at: range)
    return false
  }
}
