// `part :anomaly`, `:encrypted`, `:trait` and `:archive`: what is odd about a part, and what only
// its content shows. What cannot be looked into is an error of class `:limit`, never a silent no.

import RuleBytecode

extension TestPart {
  static let contentTags: Set<String> = ["anomaly", "encrypted", "trait"]

  /// The questions with a list of names.
  static func content(
    _ tag: String, _ call: Call, _ context: inout CheckContext
  ) -> CheckedTest? {
    guard wants(1, of: call, &context) else { return nil }
    guard call.positional[0]?.strings != nil else { return nil }
    let literals = call.strings(0)
    let test = "part :" + tag
    switch tag {
    case "anomaly":
      guard let names = context.anomalies(literals, of: test) else { return nil }
      return named(
        .partAnomaly, names.map(\.name), call, AnomalyName.failures(names, call), context)
    case "encrypted":
      let known = EncryptionKind.allCases.map(\.name)
      let kinds = context.words(
        literals, "kind", of: test, among: known, foreign: ForeignWords.encrypted)
      guard let kinds else { return nil }
      return named(.partEncrypted, kinds, call, failure(at: call), context)
    default:
      let known = PartTrait.allCases.map(\.name)
      guard let names = context.words(literals, "trait", of: test, among: known) else { return nil }
      return named(.partTrait, names, call, failure(at: call), context)
    }
  }

  private static func named(
    _ source: QuerySource, _ names: [String], _ call: Call, _ failures: Failures,
    _ context: CheckContext
  ) -> CheckedTest {
    var query = Query(source)
    query.loop = context.partLoop
    query.names = names
    return CheckedTest(query, at: call.range, failures: failures)
  }

  /// `part :archive [MATCH] FIELD KEYS`: any member, those of archives inside included.
  static func archive(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let known = MemberField.allCases.map(\.name)
    if let tag = call.tags.first(where: { ["over", "under", "container"].contains($0.name) }) {
      let possible = MatchType.allCases.map(\.name)
      context.report(
        .argument(
          .matchTypeNotPossible(tag.name, of: "part :archive", possible: possible)), at: tag.range)
      return nil
    }
    guard wants(2, of: call, &context) else { return nil }
    let field = context.word(
      call.string(0), "field", of: "part :archive", among: known,
      foreign: ForeignWords.memberFields)
    if let number = call.number(1) {
      let problem = ArgumentProblem.wrongKind(
        "keys", expected: .list, found: .number, of: "part :archive")
      context.report(.argument(problem), at: number.range)
      return nil
    }
    guard var plan = context.match(call, keys: 1), let field,
      let member = MemberField.allCases.first(where: { $0.name == field })
    else { return nil }
    if member == .extension, let place = call.positional[1]?.range {
      context.checkExtensions(of: plan.tables, at: place)
    }
    plan.addressPart = .all
    plan.everyCandidate = call.has("all")
    var query = Query(.archive, plan: plan)
    query.detail = member.rawValue
    query.loop = context.partLoop
    return CheckedTest(query, at: call.range, failures: failure(at: call))
  }
}
