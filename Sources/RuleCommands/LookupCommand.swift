// `defang-rulec lookup`: asks one table of a policy, as its rules would.
internal import ArgumentParser
internal import Checks
internal import LiveChecks
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM
internal import Spelling

struct LookupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookup",
    abstract: "Ask a table of a policy for a key.",
    discussion: """
      A table that is asked outside answers from --answers, or with --live for real;
      without both nothing is asked of anybody.

      Examples:
        defang-rulec lookup policy.rules partners 192.0.2.7
        defang-rulec lookup policy.drc access --scope ann@example.com news@example.org
        defang-rulec lookup policy.rules people ann@example.com --live

      Exit status: 0 the key is there, 1 it is not, 69 the table does not answer.
      """)

  @ArgumentParser.Argument(help: "The policy: a .rules file or an image.")
  var policy: String
  @ArgumentParser.Argument(help: "The table's name, with or without 'table:'.")
  var table: String
  @ArgumentParser.Argument(help: "The key.")
  var key: String
  @Option(help: "Look in the section of this text or address.")
  var scope = ""
  @Option(help: "JSON file with answers of outside checks.")
  var answers: String?
  @Flag(help: "Ask a table outside for real: its database, server or zone.")
  var live = false
  @Option(help: "Name server for --live: ADDRESS or ADDRESS:PORT.")
  var dns: [String] = []
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let answers = try SessionOptions.standIns(answers)
    let loaded = try PolicyFiles.policy([policy], answered: answers.tableNames)
    let name = table.hasPrefix("table:") ? String(table.dropFirst(6)) : table
    switch loaded.look(up: key, scope: scope, inTable: name) {
    case .value(let value): show(name, value)
    case .missing:
      show(name, nil)
      throw Exit.foundFailures
    case .asked(let request):
      let value = try outside(request, loaded, answers)
      show(name, value)
      if value == nil { throw Exit.foundFailures }
    case .unknown(let known):
      let nearest = Nearest.name(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw fail(Exit.badData, "the policy has no table '\(name)'\(nearest)")
    }
  }

  private func outside(
    _ request: CheckRequest, _ policy: LoadedPolicy, _ answers: StandInAnswers
  ) throws -> String? {
    let answer: CheckAnswer
    if live, !answers.tableNames.contains(request.name) {
      do throws(LiveFailure) {
        answer = try LiveLookup.answer(to: request, of: policy, nameServers: dns)
      } catch {
        throw fail(Exit.unavailable, "table '\(request.name)': \(error.message)")
      }
    } else {
      answer = answers.answer(to: request)
    }
    switch answer {
    case .values(let values): return values.first
    case .failed(_, let reason) where live:
      throw fail(Exit.unavailable, "table '\(request.name)': \(reason)")
    default:
      throw fail(
        Exit.unavailable, "table '\(request.name)' is asked outside: give --live or --answers")
    }
  }

  private func show(_ name: String, _ value: String?) {
    if json {
      let answer = LookupJSON(table: name, key: key, found: value != nil, value: value)
      Output.out(JSONText.line(answer))
    } else {
      Output.out(value.map { "\($0)\n" } ?? "")
    }
  }
}

private struct LookupJSON: Encodable {
  let table: String
  let key: String
  let found: Bool
  let value: String?
}
