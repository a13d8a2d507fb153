// `defang-rulec`: checks, compiles and tries out policies. The commands are in RuleCommands.
import RuleCommands

DefangRulec.start(Array(CommandLine.arguments.dropFirst()))
