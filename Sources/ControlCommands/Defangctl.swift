// The command `defangctl`: what it is called with, and its parts. What is about stores works on
// them itself, since they let several processes in at once; the daemon need not run for it.
public import ArgumentParser
internal import RuleBytecode

public struct Defangctl: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "defangctl",
    abstract: "Looks after the mail filter: the daemon, its history, quarantine and stores.",
    discussion: """
      Examples:
        defangctl status
        defangctl top
        defangctl reload --dry-run
        defangctl trace sender=@example.net --for 10m
        defangctl why 4bX1y26RzQz4f
        defangctl history --since 1d --verdict reject
        defangctl quarantine list --since 7d --sender @example.net
        defangctl quarantine show 20260301T120000Z-3k9v0w8x7c6b5n4m
        defangctl quarantine release 20260301T120000Z-3k9v0w8x7c6b5n4m
        defangctl queue list
        defangctl links expire --store /var/lib/defang/links --older-than 90d
        defangctl set lockdown on
        defangctl doctor

      Exit status: 0 fine, 1 the check found faults or no worker serves, 64 usage,
      65 the store is damaged, the policy does not compile, or the entry cannot have
      that done to it, 66 no such entry, store, switch or shadow, 69 no daemon, or the
      mail server refuses the mail, 70 our fault, 73 a file cannot be written, 74 the
      disk, 75 no room, locked, or the mail server or a worker is not there: try again,
      76 the daemon is of another version, 77 only root and the daemon's user may,
      78 the store may not be used by this user, or the configuration has mistakes.
      """,
    version: Defang.version,
    subcommands: [
      StatusCommand.self, ReloadCommand.self, ReplaceWorkerCommand.self, EventsCommand.self,
      TopCommand.self, StatsCommand.self, RulesCommand.self, TraceCommand.self,
      LogLevelCommand.self, ShadowCommand.self, WhyCommand.self,
      HistoryCommand.self, ReportCommand.self, QuarantineCommand.self, QueueCommand.self,
      LinksCommand.self, SetCommand.self, SwitchesCommand.self,
      MTAConfigCommand.self, DoctorCommand.self,
    ])

  public init() {}

  /// Runs the command with the words of the command line.
  public static func start() async { await main() }
}
