// `defang-rulec cost`: what a policy can cost in the worst case, by phase and rule.
internal import ArgumentParser
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "Show what a policy can cost in the worst case, by phase and rule.",
    discussion: """
      The worst case is the largest message that the limits let in, with every test asked. A
      unit is about a nanosecond; the machine's fuel is counted by the same table, so no message
      ever costs more. 'once' is work that is done once for a message, whoever asks first.

      Examples:
        defang-rulec cost policy.rules
        defang-rulec cost --terms 5 policy.drc
        defang-rulec cost --json policy.rules
      """)

  @ArgumentParser.Argument(help: "The policy: .rules files, or one .drc image.")
  var policy: [String]
  @Option(help: "How many of a rule's largest shares are shown.")
  var terms = 2
  @Option(help: "How many rules of each phase are shown, the most costly first; 0 for all.")
  var rules = 10
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard terms >= 0, rules >= 0 else { throw ValidationError("numbers from 0 on") }
  }

  func run() throws {
    let program = try PolicyFiles.load(policy, checkingCost: false)
    let report = CostReport(
      CostEstimate.estimate(program), program.program, budget: CostBudget().fuel)
    Output.out(json ? JSONText.line(report) : report.text(rules: rules, terms: terms))
    if report.isOverBudget { throw Exit.badData }
  }
}

/// The worst case as it is printed.
struct CostReport: Encodable {
  struct Term: Encodable {
    let what: String
    let location: String?
    let cost: Int
  }

  struct Rule: Encodable {
    let name: String?
    let location: String?
    let cost: Int
    let terms: [Term]
  }

  struct Phase: Encodable {
    let phase: String
    let runs: Int
    let cost: Int
    let once: [Term]
    let rules: [Rule]
  }

  let budget: Int
  /// One message, from MAIL on.
  let message: Int
  let connect: Int
  let helo: Int
  /// The dearest of the jobs of `every`; each has a budget of its own.
  let job: Int
  let phases: [Phase]

  var isOverBudget: Bool { max(message, connect, helo, job) > budget }

  init(_ cost: PolicyCost, _ program: Program, budget: Int) {
    self.budget = budget
    message = cost.messageFuel
    connect = cost.fuel(of: .connect)
    helo = cost.fuel(of: .helo)
    func term(_ term: CostTerm) -> Term {
      Term(what: term.what, location: term.place.map(program.location), cost: term.fuel)
    }
    func ruleLines(_ rules: [RuleCost]) -> [Rule] {
      rules.sorted { $0.fuel > $1.fuel }.map { rule in
        let info = rule.rule.map { program.rules[Int($0)] }
        return Rule(
          name: info.map { program.string($0.name) },
          location: info.map { program.location($0.place) }, cost: rule.fuel,
          terms: rule.terms.filter { $0.fuel > 0 }.map(term))
      }
    }
    let most = cost.jobs.map(\.fuel).max()
    job = most ?? 0
    let jobs = most.map { most in
      Phase(phase: "every", runs: 1, cost: most, once: [], rules: ruleLines(cost.jobs))
    }
    phases =
      cost.phases.map { phase in
        Phase(
          phase: phase.phase.name, runs: phase.runs, cost: phase.fuel,
          once: phase.shared.map(term),
          rules: ruleLines(phase.rules))
      } + (jobs.map { [$0] } ?? [])
  }

  func text(rules: Int, terms: Int) -> String {
    var lines: [String] = []
    for phase in phases {
      let runs = phase.runs == 1 ? "" : ", up to \(phase.runs) runs"
      lines.append("phase \(phase.phase): \(Self.amount(phase.cost))\(runs)")
      for term in phase.once { lines.append("  once  \(Self.amount(term.cost))  \(term.what)") }
      let shown = rules == 0 ? phase.rules[...] : phase.rules.prefix(rules)
      for rule in shown {
        let name = rule.name.map { "rule \"\($0)\"" } ?? "tests of groups"
        let place = rule.location.map { "  \($0)" } ?? ""
        lines.append("  \(Self.amount(rule.cost))  \(name)\(place)")
        for term in rule.terms.prefix(terms) {
          let place = term.location.map { "  \($0)" } ?? ""
          lines.append("    \(Self.amount(term.cost))  \(term.what)\(place)")
        }
      }
      let hidden = phase.rules.count - shown.count
      if hidden > 0 { lines.append("  … and \(hidden) more") }
    }
    let most = max(message, connect, helo, job)
    let share = most / max(1, budget / 100)
    lines.append(
      "one message: \(Self.amount(message)); budget \(Self.amount(budget)), \(share) % used")
    return lines.map { $0 + "\n" }.joined()
  }

  /// Fuel with its scale: 1,234 ns, 56 µs, 78 ms, 9.0 s.
  private static func amount(_ fuel: Int) -> String {
    switch fuel {
    case ..<10_000: "\(fuel) ns"
    case ..<10_000_000: "\(fuel / 1_000) µs"
    case ..<10_000_000_000: "\(fuel / 1_000_000) ms"
    default: "\(fuel / 1_000_000_000) s"
    }
  }
}
