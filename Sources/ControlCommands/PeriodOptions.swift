// A stretch of time, of the commands that list or count what was.
internal import ArgumentParser

struct PeriodOptions: ParsableArguments {
  @Option(help: "At this moment or later: 2026-03-01, 2026-03-01T12:00:00Z, or 7d ago.")
  var since: Moment?
  @Option(help: "Before this moment.")
  var until: Moment?

  /// Seconds since 1970, the end not included; nil where it is open.
  func seconds(now: Int64) -> (since: Int64?, until: Int64?) {
    (since?.seconds(before: now), until?.seconds(before: now))
  }
}
