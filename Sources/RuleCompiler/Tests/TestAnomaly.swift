// `anomaly [:severity S] [NAMES]`: the message has one of these oddities, or any at all.

import RuleBytecode

enum TestAnomaly: TestCommand {
  static let signature = Signature(
    name: "anomaly", availability: .ours, tags: [TagSignature("severity", .string)],
    positional: [.init("names", .strings, optional: true)],
    phases: QuerySource.anomaly.info.phases, need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var query = Query(.anomaly)
    if let tag = call.tag("severity") {
      let known = RuleBytecode.Severity.allCases.map(\.name)
      guard let word = context.word(tag.string, ":severity", of: "anomaly", among: known),
        let severity = RuleBytecode.Severity.allCases.first(where: { $0.name == word })
      else { return nil }
      query.detail = severity.rawValue
    }
    guard call.positional[0] != nil else { return CheckedTest(query, at: call.range) }
    guard let names = context.anomalies(call.strings(0), of: "anomaly") else { return nil }
    query.names = names.map(\.name)
    // Names and a severity together: only those that are that grave can be meant.
    let isGrave = names.contains { $0.severity.rawValue >= query.detail }
    return CheckedTest(
      query, at: call.range, failures: AnomalyName.failures(names, call),
      constant: isGrave ? nil : false)
  }
}

extension CheckContext {
  mutating func anomalies(_ literals: [StringLiteral], of test: String) -> [AnomalyName]? {
    words(literals, "anomaly", of: test, among: AnomalyName.allCases.map(\.name))?
      .compactMap { AnomalyName.named($0) }
  }
}

extension AnomalyName {
  /// What only the reading of archives can show is an error where an archive was not read.
  static func failures(_ names: [AnomalyName], _ call: Call) -> Failures {
    names.contains(where: \.isOfArchives)
      ? Failures(.limit, of: call.name.text, at: call.name.range, isAnswered: false) : .none
  }
}
