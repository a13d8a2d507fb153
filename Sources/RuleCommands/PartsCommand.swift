// `defang-rulec parts`: the message as the rules see it.
internal import ArgumentParser
internal import JSONOutput
internal import PolicyTests
internal import RuleVM

struct PartsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parts",
    abstract: "Show a message's parts as the rules see them.",
    discussion: """
      Prints the parts of a message, one inside the other, with what each is called, what it is \
      said to be, what it looks like, and what is odd about it. Where mail programs read a message \
      in different ways, each reading is shown.

      Examples:
        defang-rulec parts mail.eml
        defang-rulec parts mail.eml --json
        cat mail.eml | defang-rulec parts -
      """)

  @Argument(help: "The message; '-' is standard input.")
  var file: String
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let bytes = try PolicyFiles.read(file, limit: 256 << 20)
    let report = PartsReport(LineEnds.asCRLF(bytes))
    Output.out(json ? report.json.line + "\n" : report.text)
  }
}
