// Open databases and connections of libraries that block, kept between calls. How many are open at
// once is bounded by the table's gate: who takes one has a place there.
internal import Synchronization

final class HandleShelf<Handle: Sendable>: Sendable {
  private let idle = Mutex<[Handle]>([])

  /// The one that was given back last; those that are good no more are let go.
  func take(if isGood: (Handle) -> Bool) -> Handle? {
    while let handle = idle.withLock({ $0.popLast() }) {
      if isGood(handle) { return handle }
    }
    return nil
  }

  func giveBack(_ handle: Handle) { idle.withLock { $0.append(handle) } }
}
