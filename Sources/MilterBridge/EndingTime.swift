// How long a front end that stops waits, and for what. Where another serves in its place, sessions
// may go on for the time that was given, and then messages that began at its end; else messages
// alone. Who waits like that may be told that all is to end after all.

internal import Synchronization

final class EndingTime: Sendable {
  /// When the rest is to be over; nil while nobody is in a hurry.
  private let hurried = Mutex<ContinuousClock.Instant?>(nil)

  /// For messages that began when the sessions' time was nearly over.
  private static let lastMessageSeconds = 5

  /// Sessions may go on no longer, messages for that long.
  func hurry(graceSeconds: Int) {
    let end = ContinuousClock.now + .seconds(graceSeconds)
    hurried.withLock { $0 = min($0 ?? end, end) }
  }

  /// - Parameters:
  ///   - sessions: how many there are.
  ///   - thenEnd: called when sessions are to end, those with a message after it.
  ///   - messages: how many are in hand.
  func wait(
    graceSeconds: Int, isReplaced: Bool, sessions: () -> Int, thenEnd: () -> Void,
    messages: () -> Int
  ) async {
    var seconds = graceSeconds
    if isReplaced {
      let end = ContinuousClock.now + .seconds(graceSeconds)
      while sessions() > 0, hurry == nil, ContinuousClock.now < end { await Self.pause() }
      if hurry == nil { seconds = min(graceSeconds, Self.lastMessageSeconds) }
    }
    thenEnd()
    let end = ContinuousClock.now + .seconds(seconds)
    while messages() > 0, ContinuousClock.now < min(end, hurry ?? end) { await Self.pause() }
  }

  private var hurry: ContinuousClock.Instant? { hurried.withLock { $0 } }

  private static func pause() async { try? await Task.sleep(for: .milliseconds(50)) }
}
