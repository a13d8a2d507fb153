// `defang-rulec dump`: the program behind a policy, with source places.
internal import ArgumentParser
internal import RuleBytecode

struct DumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Show the instructions of an image, or of a policy as it would be compiled.",
    discussion: """
      Example:
        defang-rulec dump policy.drc
      """)

  @Argument(help: "An image (.drc), or .rules files.")
  var paths: [String]

  func run() throws {
    Output.out(Disassembly(try PolicyFiles.load(paths)).text)
  }
}
