// `defang-rulec run`: all phases on one message, the decision as result.
internal import ArgumentParser
internal import Checks
internal import PolicyTests
internal import RuleVM

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a policy on one message and print what it decides.",
    discussion: """
      Never uses the network: a check without an answer in --answers has failed.
      The exit status is 0 whatever the verdict.

      Examples:
        defang-rulec run policy.rules --message mail.eml --json
        defang-rulec run policy.drc --message mail.eml --output changed.eml
      """)

  @Argument(help: "The policy: .rules files, or one .drc image.")
  var policy: [String]
  @OptionGroup var session: SessionOptions
  @Flag(help: "Print one JSON object.")
  var json = false
  @Option(help: "Write the message as changed to this file; '-' is standard output.")
  var output: String?

  func run() throws {
    let answers = try session.standIns()
    let policy = try PolicyFiles.policy(policy, answered: answers.tableNames)
    PolicyFiles.noteOpenQuestions(policy)
    let player = try SessionPlayer(
      policy: policy, options: session, answers: answers, isTraced: false)
    let played = player.play()
    let report = RunReport(played)
    if output != nil { noteMissing(in: played) }
    if let output, let result = played.result {
      if output == "-" { Output.out(result) } else { try write(result, output) }
    }
    if output != "-" { Output.out(json ? JSONText.line(report) : report.text) }
  }

  /// What was decided and the message that is written does not show.
  private func noteMissing(in played: PlayedSession) {
    let note =
      played.result == nil
      ? "there is no message to write: the verdict is \(played.verdictName)"
      : played.notInResult.isEmpty
        ? nil : "decided, but not in the output: \(played.notInResult.joined(separator: ", "))"
    if let note { Output.error("defang-rulec: note: \(note)\n") }
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    do throws(Files.Trouble) {
      try Files.write(bytes, to: path)
    } catch {
      throw fail(Exit.cannotCreate, error.message)
    }
  }
}
