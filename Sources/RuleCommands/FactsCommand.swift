// `defang-rulec facts`: the facts of the language, or what one policy needs of the mail server.
internal import ArgumentParser
internal import RuleBytecode

struct FactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facts",
    abstract: "List the facts that rules can read, or what a policy needs to know.",
    discussion: """
      Without a policy: every fact with its type, the phases that have it and its meaning. With \
      one: the facts, macros and checks that it asks for, and what of a message it reads and \
      changes. The daemon asks the mail server for nothing else. What this version's daemon \
      refuses in the policy is listed at the end.

      Examples:
        defang-rulec facts
        defang-rulec facts policy.rules
        defang-rulec facts --json policy.drc
      """)

  @ArgumentParser.Argument(help: "The policy: .rules files, or one .drc image.")
  var policy: [String] = []
  @Flag(help: "Print JSON: an array of facts, or one object for a policy.")
  var json = false

  func run() throws {
    if policy.isEmpty {
      let facts = FactLine.single + FactLine.families
      return Output.out(json ? JSONText.pretty(facts) : FactLine.text(facts))
    }
    let needs = NeedsReport(of: try PolicyFiles.load(policy, checkingCost: false).program)
    Output.out(json ? JSONText.line(needs) : needs.text)
  }
}

/// A fact as it is listed.
struct FactLine: Encodable {
  let name: String
  let type: String
  let phases: [String]
  /// The milter macros that carry it.
  let macros: [String]
  let meaning: String

  init(_ fact: Fact) {
    let info = fact.info
    name = info.name
    type = "\(info.kind)"
    phases = info.phases.phases.map(\.name)
    macros = info.macros
    meaning = info.meaning
  }

  private init(_ family: FactFamily) {
    name = family.prefix + "NAME"
    type = "text"
    phases = family.phases.phases.map(\.name)
    macros = []
    meaning = family.meaning
  }

  static let single = Fact.allCases.map { FactLine($0) }
  static let families = FactFamily.allCases.map { FactLine($0) }

  /// One line each, in columns.
  static func text(_ facts: [FactLine]) -> String {
    let rows = facts.map { [$0.name, $0.type, $0.span, $0.meaning] }
    let widths = (0..<3).map { column in rows.map(\.[column].count).max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return (cells + [row[3]]).joined(separator: "  ") + "\n"
    }.joined()
  }

  /// `all`, `from mail`, `rcpt`.
  private var span: String {
    let all = Phase.allCases.map(\.name)
    if phases == all { return "all" }
    if phases.count > 1, let first = phases.first, phases == all.suffix(phases.count) {
      return "from \(first)"
    }
    return phases.joined(separator: ", ")
  }
}

/// What a policy needs, as it is printed.
struct NeedsReport: Encodable {
  struct Message: Encodable {
    let header: Bool
    let body: Bool
    /// What the content of parts is, and so a look at each.
    let contentTypes: Bool
  }

  struct Changes: Encodable {
    let header: Bool
    let body: Bool
    let envelope: Bool
    let hold: Bool
  }

  let phases: [String]
  /// Phases that can end in a verdict the mail server must be told.
  let verdicts: [String]
  let facts: [FactLine]
  /// Macros by the phase with which the mail server must send them.
  let macros: [String: [String]]
  let checks: [String]
  /// Checks that begin before their rules ask, by the phase in which they begin.
  let early: [String: [String]]
  let reads: Message
  let changes: Changes
  /// The jobs of `every`, with their periods in seconds.
  let jobs: [String: Int]
  /// Why the daemon of this version does not serve it; empty when it does.
  let refused: [String]

  init(of program: Program) {
    let needs = ProgramNeeds(program)
    refused = DaemonRefusal.all(in: program)
    phases = needs.phases.phases.map(\.name)
    verdicts = needs.verdicts.phases.map(\.name)
    facts = Fact.allCases.filter(needs.facts.contains).map { FactLine($0) }
    macros = Dictionary(
      uniqueKeysWithValues: needs.macros.filter { !$0.value.isEmpty }.map {
        ($0.key.name, $0.value.sorted())
      })
    checks = needs.checks.map(\.name).sorted()
    early = Self.early(program)
    jobs = Dictionary(program.jobs.map { ($0.name, $0.seconds) }) { first, _ in first }
    reads = Message(
      header: needs.readsHeader, body: needs.readsBody, contentTypes: needs.readsContentTypes)
    changes = Changes(
      header: needs.editsHeader, body: needs.editsBody, envelope: needs.editsEnvelope,
      hold: needs.holds)
  }

  private static func early(_ program: Program) -> [String: [String]] {
    var early: [String: [String]] = [:]
    for check in program.earlyChecks {
      let spec = program.checks[Int(check.check)]
      let words = [spec.kind.name] + program.words(ofSet: spec.arguments)
      let text = words.joined(separator: " ")
      if early[check.known.name]?.contains(text) != true {
        early[check.known.name, default: []].append(text)
      }
    }
    return early
  }

  var text: String {
    func list(_ words: [String]) -> String { words.isEmpty ? "–" : words.joined(separator: ", ") }
    func names(_ flags: [(Bool, String)]) -> String { list(flags.filter(\.0).map(\.1)) }
    let read = [
      (reads.header, "header"), (reads.body, "body"), (reads.contentTypes, "types of parts"),
    ]
    let changed = [
      (changes.header, "header"), (changes.body, "body"), (changes.envelope, "envelope"),
      (changes.hold, "the mail server's hold"),
    ]
    var lines = [
      "phases       \(list(phases))", "verdicts in  \(list(verdicts))",
      "reads        \(names(read))", "changes      \(names(changed))",
      "checks       \(list(checks))",
    ]
    for phase in Phase.allCases {
      guard let checks = early[phase.name] else { continue }
      lines.append("begin early  \(phase.name): \(checks.joined(separator: ", "))")
    }
    for job in jobs.sorted(by: { $0.key < $1.key }) {
      lines.append("every        \(job.value) s: \(job.key)")
    }
    for phase in Phase.allCases {
      guard let names = macros[phase.name] else { continue }
      lines.append("macros       \(phase.name): \(names.joined(separator: " "))")
    }
    let facts = facts.isEmpty ? "" : "\n" + FactLine.text(facts)
    let reasons = refused.map { "  \($0)\n" }.joined()
    let refusal = refused.isEmpty ? "" : "\nthis version's daemon refuses\n" + reasons
    return lines.map { $0 + "\n" }.joined() + facts + refusal
  }
}
