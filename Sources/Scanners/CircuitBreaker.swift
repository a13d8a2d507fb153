// Leaves a host that fails alone for a while, then makes one trial. Pure: time is an argument.
package import NIOCore

package struct CircuitBreaker: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case closed(failures: Int)
    case open(until: NIODeadline)
    /// One call is under way; the others keep away.
    case trial

    package var isOpen: Bool { if case .closed = self { false } else { true } }
  }

  package private(set) var state = State.closed(failures: 0)
  private let failuresMax: Int
  private let pause: TimeAmount

  package init(failuresMax: Int, pause: TimeAmount) {
    precondition(failuresMax > 0, "a host that never failed cannot be left alone")
    self.failuresMax = failuresMax
    self.pause = pause
  }

  /// Whether a call may be made now, and if so whether it is the trial.
  package mutating func mayCall(_ now: NIODeadline) -> (allowed: Bool, isTrial: Bool) {
    switch state {
    case .closed: return (true, false)
    case .trial: return (false, false)
    case .open(let end):
      guard now >= end else { return (false, false) }
      state = .trial
      return (true, true)
    }
  }

  /// Also of a call that began before the failures: it shows that the host works.
  package mutating func succeeded() { state = .closed(failures: 0) }

  package mutating func failed(isTrial: Bool, _ now: NIODeadline) {
    switch state {
    case .closed(let failures) where failures + 1 < failuresMax:
      state = .closed(failures: failures + 1)
    case .closed: state = .open(until: now + pause)
    case .trial: if isTrial { state = .open(until: now + pause) }
    case .open: break
    }
  }

  /// The call ended without a word on the host; another one may be the trial.
  package mutating func abandoned(isTrial: Bool, _ now: NIODeadline) {
    if isTrial, state == .trial { state = .open(until: now) }
  }
}
