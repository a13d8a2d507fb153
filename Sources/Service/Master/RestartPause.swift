// How long the master waits before it starts the next worker: not at all after one that had served
// for a while, and longer each time one dies at once, so that a policy that cannot run costs no
// whole processor.

struct RestartPause: Sendable {
  static let pauses: [Duration] = [
    .zero, .milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2), .seconds(5),
  ]
  /// One that has served so long was well.
  static let wellSeconds = 60
  /// Without a worker for longer, clients are told so.
  static let longSeconds = 2

  private var deaths = 0
  private var since: ContinuousClock.Instant?
  private var due = ContinuousClock.now

  /// - Parameter servedSince: nil when it never served.
  mutating func died(
    servedSince start: ContinuousClock.Instant?, now: ContinuousClock.Instant = .now
  ) {
    let wasWell = start.map { now - $0 >= .seconds(Self.wellSeconds) } ?? false
    deaths = wasWell ? 1 : deaths + 1
    if start != nil || since == nil { since = now }
    due = now + Self.pauses[min(deaths, Self.pauses.count) - 1]
  }

  /// Another was started; the next one, should it be needed, not before some time.
  mutating func tried(now: ContinuousClock.Instant = .now) {
    due = now + Self.pauses[min(deaths, Self.pauses.count - 1)]
  }

  func isDue(now: ContinuousClock.Instant = .now) -> Bool { now >= due }

  func isLong(now: ContinuousClock.Instant = .now) -> Bool {
    since.map { now - $0 > .seconds(Self.longSeconds) } ?? false
  }
}
