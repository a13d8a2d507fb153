// `envelope [ADDRESS-PART] [MATCH] PARTS KEYS` (RFC 5228 §5.4, RFC 6009): the sender, the
// recipients, and what the client asked for. In `rcpt` "to" is this recipient, later any accepted
// one.

import RuleBytecode

enum TestEnvelope: TestCommand {
  static let signature = Signature(
    name: "envelope", availability: .capability("envelope"),
    tags: Signature.matchTags + Signature.addressPartTags,
    positional: [.init("envelope parts", .strings), .init("keys", .strings)],
    phases: .from(.mail), need: .sender)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let parts = parts(call, &context)
    let isOfPaths = parts.allSatisfy { $0 == .from || $0 == .to }
    let plan = context.match(call, keys: 1, subject: isOfPaths ? .address : .text)
    guard !parts.isEmpty, let plan else { return nil }
    return CheckedTest(Code(parts: parts, plan: plan, loop: context.recipientLoop), at: call.range)
  }

  private static func parts(_ call: Call, _ context: inout CheckContext) -> [EnvelopePart] {
    var parts: [EnvelopePart] = []
    let names = EnvelopePart.allCases.map(\.name)
    for literal in call.strings(0) {
      guard let text = context.constant(literal, "envelope part", of: "envelope") else { continue }
      guard let part = EnvelopePart.allCases.first(where: { $0.name == text.lowercasedASCII })
      else {
        let nearest =
          ForeignWords.envelopeParts[text.lowercasedASCII]
          ?? context.nearest(to: text, among: names)
        context.report(
          .name(.unknownValue(text, of: "envelope", nearest: nearest, known: names)),
          at: literal.range)
        continue
      }
      if let capability = part.capability {
        context.demand(.capability(capability), for: part.name, at: literal.range)
      }
      checkAddressPart(part, call, &context, at: literal.range)
      let possible = part.phases.phases.map(\.name)
      let isKnown = context.limit(to: part.phases, as: "envelope", at: literal.range) {
        .dataNotAvailable(part.name, of: "envelope", phase: $0.name, possible: possible)
      }
      if isKnown { parts.append(part) }
    }
    return parts
  }

  /// Only paths have a domain.
  private static func checkAddressPart(
    _ part: EnvelopePart, _ call: Call, _ context: inout CheckContext, at range: SourceRange
  ) {
    guard part != .from, part != .to,
      let tag = AddressPart.allCases.first(where: { $0 != .all && call.has($0.name) })
    else { return }
    let paths = [EnvelopePart.from, .to].map(\.name)
    context.report(
      .name(
        .unknownValue(part.name, of: "envelope :\(tag.name)", nearest: nil, known: paths)),
      at: range)
  }

  /// One question for each part, until one is true.
  struct Code: TestCode {
    let parts: [EnvelopePart]
    let plan: MatchPlan
    let loop: Int?

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let end = out.label()
      for (index, part) in parts.enumerated() {
        var query = Query(.envelope, plan: plan)
        query.detail = part.rawValue
        if part.isOfRecipient { query.loop = loop }
        out.scratch { query.emit(into: target, &$0) }
        if index < parts.count - 1 { out.jump(.jumpIfTrue, a: target, to: end) }
      }
      out.bind(end)
    }
  }
}

extension EnvelopePart {
  /// What it needs beside `envelope`.
  fileprivate var capability: String? {
    switch self {
    case .from, .to, .auth: nil
    case .notify, .orcpt, .ret, .envid: "envelope-dsn"
    case .bytimeabsolute, .bytimerelative, .bymode, .bytrace: "envelope-deliverby"
    }
  }

  fileprivate var isOfRecipient: Bool {
    switch self {
    case .to, .notify, .orcpt: true
    default: false
    }
  }
}
