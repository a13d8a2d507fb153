// The command `defang-rulec`: what it is called with, and its parts.
public import ArgumentParser
internal import RuleBytecode

public struct DefangRulec: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "defang-rulec",
    abstract: "Checks, compiles and tries out mail policies.",
    usage: """
      defang-rulec --check PATH ...
      defang-rulec [-o FILE.drc | -o -] PATH ...
      defang-rulec <subcommand>
      """,
    discussion: """
      Examples:
        defang-rulec --check policy.rules          diagnostics, silent when fine
        defang-rulec -o policy.drc policy.rules    compile to an image
        defang-rulec run policy.rules --message mail.eml --client-ip 192.0.2.1
        defang-rulec trace policy.rules --message mail.eml --to u@example.com

      Exit status: 0 fine, 64 usage, 65 the rules do not compile or an image is
      refused, 66 no input, 70 our fault, 73 the output cannot be written,
      78 others may write a file (--guarded).
      """,
    version: Defang.version,
    subcommands: [
      CompileCommand.self, DumpCommand.self, RunCommand.self, TraceCommand.self, PartsCommand.self,
      TestCommand.self, CostCommand.self,
      ExplainCommand.self,
      FmtCommand.self, FactsCommand.self, LookupCommand.self, SettingsCommand.self,
    ],
    defaultSubcommand: CompileCommand.self)

  public init() {}

  /// Runs the command with these words; ends the process when it fails.
  public static func start(_ words: [String]) {
    Self.main(SessionWords.marked(words))
  }
}
