// How many open files sessions need: said once for the daemon, which takes no more sessions than it
// has files for, and for those who look at a limit before it does.

package enum OpenFiles {
  /// What a process has of its own: event loops, sockets, log, stores.
  private static let own = 64

  /// A quarter of the rest is for what sessions ask: scanners, name servers, tables, children.
  package static func sessions(within files: Int) -> Int { max(1, (files - own) / 4 * 3) }

  /// The fewest files that so many sessions fit within.
  package static func needed(for sessions: Int) -> Int { own + (sessions + 2) / 3 * 4 }
}
