// Who may call now and who waits: bounded on both sides, first come, first served. Pure.

struct CallQueue: Sendable {
  enum Entry: Equatable, Sendable {
    case go, wait, full
  }

  private let runningMax: Int
  private let waitingMax: Int
  private(set) var running = 0
  private(set) var waiting: [UInt64] = []

  init(runningMax: Int, waitingMax: Int) {
    precondition(runningMax > 0, "nobody could ever call")
    self.runningMax = runningMax
    self.waitingMax = waitingMax
  }

  mutating func enter(_ call: UInt64) -> Entry {
    if running < runningMax {
      running += 1
      return .go
    }
    guard waiting.count < waitingMax else { return .full }
    waiting.append(call)
    return .wait
  }

  /// A place is free: the one that gets it.
  mutating func leave() -> UInt64? {
    precondition(running > 0, "whoever leaves has entered")
    guard !waiting.isEmpty else {
      running -= 1
      return nil
    }
    return waiting.removeFirst()
  }

  /// False when that call does not wait (any more).
  mutating func giveUp(_ call: UInt64) -> Bool {
    guard let index = waiting.firstIndex(of: call) else { return false }
    waiting.remove(at: index)
    return true
  }
}
