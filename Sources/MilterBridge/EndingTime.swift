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

  /// True when no message is in hand any more.
  ///
  /// - Parameters:
  ///   - began: when the time began to run.
  ///   - sessions: how many there are.
  ///   - thenEnd: called when sessions are to end, those with a message after it.
  ///   - messages: how many are in hand.
  @discardableResult func wait(
    graceSeconds: Int, since began: ContinuousClock.Instant = .now, isReplaced: Bool,
    sessions: () -> Int, thenEnd: () -> Void, messages: () -> Int
  ) async -> Bool {
    var end = began + .seconds(graceSeconds)
    if isReplaced {
      while sessions() > 0, hurry == nil, ContinuousClock.now < end { await Self.pause() }
      let seconds = hurry == nil ? min(graceSeconds, Self.lastMessageSeconds) : graceSeconds
      end = .now + .seconds(seconds)
    }
    thenEnd()
    while messages() > 0 {
      guard ContinuousClock.now < min(end, hurry ?? end) else { return false }
      await Self.pause()
    }
    return true
  }

  private var hurry: ContinuousClock.Instant? { hurried.withLock { $0 } }

  private static func pause() async { try? await Task.sleep(for: .milliseconds(50)) }
}
