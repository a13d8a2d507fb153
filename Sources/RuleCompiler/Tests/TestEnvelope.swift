// `envelope [ADDRESS-PART] [MATCH] PARTS KEYS` (RFC 5228 §5.4): "from" and "to". In `rcpt` "to" is
// this recipient, later any accepted one.

import RuleBytecode

enum TestEnvelope: TestCommand {
  static let signature = Signature(
    name: "envelope", availability: .capability("envelope"),
    tags: Signature.matchTags + Signature.addressPartTags,
    positional: [.init("envelope parts", .strings), .init("keys", .strings)],
    phases: .from(.mail), need: .sender)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let parts = parts(call, &context)
    let plan = context.match(call, keys: 1, subject: .address)
    guard !parts.isEmpty, let plan else { return nil }
    return CheckedTest(Code(parts: parts, plan: plan), at: call.range)
  }

  private static func parts(_ call: Call, _ context: inout CheckContext) -> [EnvelopePart] {
    var parts: [EnvelopePart] = []
    let names = EnvelopePart.allCases.map(\.name)
    for literal in call.strings(0) {
      guard let text = context.constant(literal, "envelope part", of: "envelope") else { continue }
      guard let part = EnvelopePart.allCases.first(where: { $0.name == text.lowercasedASCII })
      else {
        let nearest = context.nearest(to: text, among: names)
        context.report(
          .name(.unknownValue(text, of: "envelope", nearest: nearest, known: names)),
          at: literal.range)
        continue
      }
      let possible = part.phases.phases.map(\.name)
      let isKnown = context.limit(to: part.phases, as: "envelope", at: literal.range) {
        .dataNotAvailable(part.name, of: "envelope", phase: $0.name, possible: possible)
      }
      if isKnown { parts.append(part) }
    }
    return parts
  }

  /// One question for each part, until one is true.
  struct Code: TestCode {
    let parts: [EnvelopePart]
    let plan: MatchPlan

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let end = out.label()
      for (index, part) in parts.enumerated() {
        var query = Query(.envelope, plan: plan)
        query.detail = part.rawValue
        out.scratch { query.emit(into: target, &$0) }
        if index < parts.count - 1 { out.jump(.jumpIfTrue, a: target, to: end) }
      }
      out.bind(end)
    }
  }
}
