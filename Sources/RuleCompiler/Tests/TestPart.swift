// `part …`: questions about the MIME part that the run is for.
//
//   part [MATCH] [:all] FIELD KEYS      part :over|:under "size" N
//   part :container                     part :differs ["sniffed", "declared"]
//   part :anomaly NAMES                 part :encrypted KINDS
//   part :trait NAMES                   part :archive [MATCH] FIELD KEYS

import RuleBytecode

enum TestPart: TestCommand {
  static let signature = Signature(
    name: "part", availability: .ours,
    tags: Signature.matchTags + [
      TagSignature("all"), TagSignature("container", group: "match"),
      TagSignature("differs", group: "match"), TagSignature("over", group: "match"),
      TagSignature("under", group: "match"), TagSignature("anomaly", group: "match"),
      TagSignature("encrypted", group: "match"), TagSignature("trait", group: "match"),
      TagSignature("archive"),
    ],
    positional: [
      .init("field", .strings, optional: true), .init("keys", .any, optional: true),
    ],
    phases: PhaseSet([.part]), need: .part)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    if call.has("container") {
      guard wants(0, of: call, &context) else { return nil }
      return CheckedTest(question(.container, context), at: call.range)
    }
    if call.has("differs") { return differs(call, &context) }
    if call.has("archive") { return archive(call, &context) }
    if let tag = call.tags.first(where: { contentTags.contains($0.name) }) {
      return content(tag.name, call, &context)
    }
    guard wants(2, of: call, &context), let field = field(call, &context) else { return nil }
    if call.has("over") || call.has("under") { return size(call, field, &context) }
    return match(call, field, &context)
  }

  /// `not part :list "extension" "table:good"`: passes a part of two names when one is good.
  static func isAllowList(_ test: Test) -> Bool {
    let tags = test.arguments.items.compactMap(\.tag)
    let field = test.arguments.items.first { $0.tag == nil }?.strings?.first?.value
    return test.name.text == "part" && tags.contains("list") && !tags.contains("all")
      && (field == "name" || field == "extension")
  }

  /// Which arguments there must be depends on the question.
  static func wants(
    _ count: Int, of call: Call, _ context: inout CheckContext
  ) -> Bool {
    let given = call.positional.compactMap { $0 }
    if given.count > count {
      context.report(.argument(.extra(of: "part")), at: given[count].range)
    } else if given.count < count {
      let isSize = given.count == 1 && (call.has("over") || call.has("under"))
      let label = isSize ? "limit" : signature.positional[given.count].label
      context.report(
        .argument(.missing(label, expected: isSize ? .number : .string, of: "part")),
        at: call.name.range)
    }
    return given.count == count
  }

  // MARK: Fields

  private static let fieldNames = PartField.allCases.map(\.fieldName)

  private static func field(_ call: Call, _ context: inout CheckContext) -> PartField? {
    guard let literal = call.string(0), call.strings(0).count == 1 else {
      context.report(
        .argument(.wrongKind("field", expected: .string, found: .list, of: "part")),
        at: call.positional[0]?.range ?? call.name.range)
      return nil
    }
    guard let text = context.constant(literal, "field", of: "part") else { return nil }
    if let field = PartField.allCases.first(where: { $0.fieldName == text }) { return field }
    let nearest = ForeignWords.partFields[text] ?? context.nearest(to: text, among: fieldNames)
    context.report(
      .name(.unknownValue(text, of: "part", nearest: nearest, known: fieldNames)),
      at: literal.range)
    return nil
  }

  private static func size(
    _ call: Call, _ field: PartField, _ context: inout CheckContext
  ) -> CheckedTest? {
    guard field == .size else {
      let problem = ArgumentProblem.matchTypeNotPossible(
        call.has("over") ? "over" : "under", of: field.fieldName,
        possible: MatchType.allCases.map(\.name))
      context.report(.argument(problem), at: call.tag("over")?.range ?? call.range)
      return nil
    }
    guard let limit = call.number(1) else {
      let problem = ArgumentProblem.wrongKind(
        "limit", expected: .number, found: .string, of: "part")
      context.report(.argument(problem), at: call.positional[1]?.range ?? call.range)
      return nil
    }
    let opcode: Opcode = call.has("over") ? .over : .under
    return CheckedTest(
      Size(opcode: opcode, limit: Int64(limit.value), loop: context.partLoop), at: call.range,
      failures: failure(at: call))
  }

  private static func match(
    _ call: Call, _ field: PartField, _ context: inout CheckContext
  ) -> CheckedTest? {
    if let number = call.number(1) {
      let problem = ArgumentProblem.wrongKind(
        "keys", expected: .list, found: .number, of: "part")
      context.report(.argument(problem), at: number.range)
      return nil
    }
    guard var plan = context.match(call, keys: 1) else { return nil }
    checkKeys(plan, field, call, &context)
    plan.addressPart = .all
    plan.everyCandidate = call.has("all")
    if field == .size, plan.type == .is { checkSizes(call.strings(1), &context) }
    let failures = canFail(field) ? failure(at: call) : .none
    var query = Query(.part, plan: plan)
    query.detail = field.rawValue
    query.loop = context.partLoop
    return CheckedTest(query, at: call.range, failures: failures)
  }

  /// A size is digits; `"10M"` is never one.
  private static func checkSizes(_ keys: [StringLiteral], _ context: inout CheckContext) {
    for key in keys where !TextScanner.hasReference(in: key.value) {
      if key.value.isEmpty || !key.value.utf8.allSatisfy(\.isDigit) {
        context.report(.literal(.notANumber(key.value)), at: key.range)
      }
    }
  }

  /// What is answered by decoding the content can meet a limit.
  private static func canFail(_ field: PartField) -> Bool {
    switch field {
    case .sniffed, .kind, .sha256, .size: true
    case .path, .name, .extension, .declared, .charset, .encoding, .disposition, .depth, .reading:
      false
    }
  }

  static func failure(at call: Call) -> Failures {
    Failures(.limit, of: "part", at: call.name.range, isAnswered: false)
  }

  // MARK: Differs

  private static func differs(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let comparable = ["sniffed", "declared"]
    guard wants(1, of: call, &context) else { return nil }
    var fields: [String] = []
    for literal in call.strings(0) {
      guard let text = context.constant(literal, "field", of: "part") else { continue }
      if comparable.contains(text) && !fields.contains(text) {
        fields.append(text)
        continue
      }
      let nearest = context.nearest(to: text, among: comparable)
      context.report(
        .name(.unknownValue(text, of: "part :differs", nearest: nearest, known: comparable)),
        at: literal.range)
      return nil
    }
    guard fields.count == 2 else {
      context.report(
        .argument(.missing("second field", expected: .string, of: "part :differs")),
        at: call.positional[0]?.range ?? call.name.range)
      return nil
    }
    return CheckedTest(question(.lying, context), at: call.range, failures: failure(at: call))
  }

  // MARK: Code

  private static func question(_ question: PartQuestion, _ context: CheckContext) -> Query {
    var query = Query(.partIs)
    query.loop = context.partLoop
    query.detail = question.rawValue
    return query
  }

  struct Size: TestCode {
    let opcode: Opcode
    let limit: Int64
    let loop: Int?

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let (size, bound) = (out.number(), out.number())
      let end = out.label()
      let known = out.label()
      out.emit(.partSize, a: target, b: Int(size), c: UInt32(out.operand(ofLoop: loop)))
      out.jump(.jumpIfTrue, a: target, to: known)
      out.jump(.jump, to: end)
      out.bind(known)
      out.emit(.numberConstant, a: bound, c: out.pool.number(limit))
      out.emit(opcode, a: target, b: Int(size), c: UInt32(bound))
      out.bind(end)
    }
  }
}
