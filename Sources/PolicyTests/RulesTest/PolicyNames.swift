// Names of the policy that a test file uses. One that the policy does not have would never fail: no
// rule of that name acts, no check asks for that answer. So each is looked up before tests run.
internal import Checks
internal import RuleBytecode
internal import RuleCompiler
internal import Spelling

/// A name that a test file takes from its policy.
struct PolicyName: Equatable, Sendable {
  enum Kind: Hashable, Sendable {
    case rule
    case job
    /// A check that is asked by a name, by its key in an answers file.
    case check(String)
  }

  let kind: Kind
  let text: String
  let range: SourceRange
  /// How the mistake names the place: `:rule`, `:dnsbl`, `every`.
  let tag: String

  /// The keys of the checks whose names stand in a policy; the others are asked about what mail
  /// says.
  static let checks = ["dnsbl", "hashbl", "scan", "table"]

  /// The names that a step uses.
  static func all(in command: BoundCommand) -> [PolicyName] {
    switch command.name.text {
    case "expect": rules(of: command)
    case "every":
      (command.string(at: 0).map { [$0] } ?? []).map { literal in
        PolicyName(kind: .job, text: literal.value, range: literal.range, tag: "every")
      }
    case "answers": command.string(at: 0).map(names) ?? []
    case "answer", "fail", "timeout":
      checks.compactMap { key in
        command.string(key).map { literal in
          PolicyName(kind: .check(key), text: literal.value, range: literal.range, tag: ":" + key)
        }
      }
    default: []
    }
  }

  private static func rules(of command: BoundCommand) -> [PolicyName] {
    // "none" is what a report says of a verdict that no rule gave, and where no rule acted.
    let isOutcome = RulesTestSheet.outcomeNames.contains(where: command.has)
    return ["rule", "rules"].flatMap { tag in
      let literals = command.strings(tag) ?? []
      let takesNone = tag == "rules" ? literals.count == 1 : isOutcome
      return literals.filter { !takesNone || $0.value != "none" }.map { literal in
        PolicyName(kind: .rule, text: literal.value, range: literal.range, tag: ":" + tag)
      }
    }
  }

  /// Those of an answers file's text.
  private static func names(_ literal: StringLiteral) -> [PolicyName] {
    guard case .object(let all) = JSONValue(text: literal.value) else { return [] }
    return checks.flatMap { key -> [PolicyName] in
      guard case .object(let named) = all[key] else { return [] }
      return named.keys.sorted().map { name in
        PolicyName(kind: .check(key), text: name, range: literal.range, tag: key)
      }
    }
  }
}

/// What a policy has of such names.
struct PolicyNames {
  private var known: [PolicyName.Kind: Set<String>] = [:]

  init(_ program: Program) {
    known[.rule] = Set(program.rules.map { program.string($0.name) })
    known[.job] = Set(program.jobs.map(\.name))
    known[.check("table")] = Set(program.tables.map { program.string($0.name) })
    for spec in program.checks {
      let words = { program.words(ofSet: spec.arguments) }
      switch spec.kind {
      case .dnsbl: known[.check("dnsbl"), default: []].formUnion(words())
      // The kind of hash stands before the zones.
      case .hashbl: known[.check("hashbl"), default: []].formUnion(words().dropFirst())
      case .scan: known[.check("scan"), default: []].formUnion(words().prefix(1))
      default: break
      }
    }
  }

  /// What is wrong with a name; nil when the policy has it.
  func mistake(of name: PolicyName) -> Problem? {
    let names = known[name.kind] ?? []
    var text = name.text
    if case .check(let key) = name.kind, key != "table" {
      // `"zone subject"` and `"scanner message"` are about one question of several.
      text = text.split(separator: " ").first.map(String.init) ?? ""
      // The names of zones and scanners are compared as answers are found: without case.
      let folded = text.lowercased()
      if names.contains(where: { $0.lowercased() == folded }) { return nil }
    }
    if names.contains(text) { return nil }
    let sorted = names.sorted()
    return .name(
      .unknownValue(
        name.text, of: name.tag, nearest: Nearest.name(to: text, among: sorted),
        known: sorted.count > Self.shownMax ? [] : sorted))
  }

  private static let shownMax = 12
}
