// `recipient [:any|:all] [ADDRESS-PART] [MATCH] KEYS`: this recipient in `rcpt` and in a
// loop over them, any or every accepted one elsewhere.

import RuleBytecode

enum TestRecipient: TestCommand {
  static let signature = Signature(
    name: "recipient", availability: .ours,
    // `:all` is about the recipients here; the whole address is what is compared anyway.
    tags: Signature.matchTags
      + Signature.addressPartTags.filter { $0.name != AddressPart.all.name } + [
        TagSignature("any", group: "recipients"), TagSignature("all", group: "recipients"),
      ],
    positional: [.init("keys", .strings)],
    phases: QuerySource.recipient.info.phases, need: .recipient)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard var plan = context.match(call, keys: 0, subject: .address) else { return nil }
    plan.everyCandidate = call.has("all")
    var query = Query(.recipient, plan: plan)
    query.loop = context.recipientLoop
    return CheckedTest(query, at: call.range)
  }
}
