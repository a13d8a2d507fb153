// `address [ADDRESS-PART] [MATCH] [:index n [:last]] [:mime [:anychild]] NAMES KEYS` (RFC 5228
// §5.1): an address in these fields.

import RuleBytecode

enum TestAddress: TestCommand {
  static let signature = Signature(
    name: "address",
    tags: Signature.matchTags + Signature.addressPartTags + Signature.indexTags
      + Signature.mimeTags,
    positional: [.init("header list", .strings), .init("key list", .strings)],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = context.fieldNames(call, 0)
    checkNames(call, &context)
    let plan = context.match(call, keys: 1, subject: .address)
    guard let names, let plan else { return nil }
    var query = Query(.address, plan: plan)
    context.addFields(names, of: call, to: &query)
    return CheckedTest(query, at: call.range)
  }

  /// RFC 5228 §5.1: a script may ask fields that hold addresses. A policy may ask any: it knows
  /// what its own programs write.
  private static func checkNames(_ call: Call, _ context: inout CheckContext) {
    guard !context.file.isPolicy else { return }
    for literal in call.strings(0) {
      let name = literal.value.lowercasedASCII
      if addressFields.contains(name) || name.hasPrefix("x-") || name.contains("${") { continue }
      let nearest = context.nearest(to: name, among: addressFields)
      context.report(
        .name(
          .unknownValue(
            literal.value, of: "address", nearest: nearest, known: addressFields.sorted())),
        at: literal.range)
    }
  }

  /// Of the registered fields those of address lists (RFC 5322, 8098, 3834, 2369 …).
  private static let addressFields: Set<String> = [
    "apparently-to", "approved", "bcc", "cc", "delivered-to", "disposition-notification-to",
    "errors-to", "from", "mail-followup-to", "mail-reply-to", "original-recipient", "reply-to",
    "resent-bcc", "resent-cc", "resent-from", "resent-reply-to", "resent-sender", "resent-to",
    "return-path", "return-receipt-to", "sender", "to",
  ]
}
