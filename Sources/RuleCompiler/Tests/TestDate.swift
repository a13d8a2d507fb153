// `date [MATCH] [:zone Z|:originalzone] [:index n [:last]] NAME PART KEYS` (RFC 5260 §4): part of
// the date-time in a field.

import RuleBytecode

enum TestDate: TestCommand {
  static let signature = Signature(
    name: "date", availability: .capability("date"),
    tags: Signature.matchTags + Signature.indexTags + [
      TagSignature("zone", .string, group: "zone"), TagSignature("originalzone", group: "zone"),
    ],
    positional: [
      .init("header name", .string), .init("date part", .string), .init("keys", .strings),
    ],
    phases: .from(.headers), need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = context.fieldNames(call, 0)
    let part = context.datePart(call, 1)
    let zone = context.zone(of: call)
    let plan = context.match(call, keys: 2)
    guard let names, let part, let plan else { return nil }
    var query = Query(.date, plan: plan)
    context.addFields(names, of: call, to: &query)
    query.detail = part.rawValue
    query.word = zone
    if call.has("originalzone") { query.flags.insert(.originalZone) }
    return CheckedTest(query, at: call.range)
  }
}

extension CheckContext {
  /// The name of a date part, in either case (RFC 5260 §4.2).
  mutating func datePart(_ call: Call, _ index: Int) -> DatePart? {
    guard let literal = call.string(index),
      let text = constant(literal, "date part", of: call.name.text)
    else { return nil }
    if let part = DatePart.allCases.first(where: { $0.name == text.lowercasedASCII }) {
      return part
    }
    let known = DatePart.allCases.map(\.name)
    let nearest = nearest(to: text, among: known)
    report(
      .name(.unknownValue(text, of: call.name.text, nearest: nearest, known: known)),
      at: literal.range)
    return nil
  }

  /// `:zone "+hhmm"`; nil when it is not there.
  mutating func zone(of call: Call) -> String? {
    guard let literal = call.tag("zone")?.string,
      let text = constant(literal, ":zone", of: call.name.text)
    else { return nil }
    if !Literals.isZone(text) { report(.literal(.zone(text)), at: literal.range) }
    return text
  }
}
