// The word to end that comes while a worker ends already, which reads no frames then: one that is
// replaced gives its sessions time, and the daemon is told to end meanwhile.
internal import MilterBridge
internal import Synchronization

final class LateOrder: Sendable {
  private struct State {
    var front: (any MilterFrontEnd)?
    /// Seconds for messages in hand, heard before anybody asked.
    var graceSeconds: Int?
  }

  private let state = Mutex(State())

  /// Called with each frame, on whatever thread.
  func hear(_ frame: LinkFrame) {
    guard frame.kind == .drain, frame.number != LinkFrame.replaced,
      let seconds = Int(String(decoding: frame.bytes, as: UTF8.self))
    else { return }
    let front = state.withLock { state in
      state.graceSeconds = seconds
      return state.front
    }
    front?.hurry(graceSeconds: seconds)
  }

  /// What ends now.
  func isFor(_ front: any MilterFrontEnd) {
    let seconds = state.withLock { state in
      state.front = front
      return state.graceSeconds
    }
    if let seconds { front.hurry(graceSeconds: seconds) }
  }
}
