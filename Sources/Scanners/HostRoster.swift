// The hosts of one service in the order in which they are tried, each with its breaker. Pure.
internal import NIOCore

struct HostRoster: Sendable {
  /// A call that may be made, and has to be settled.
  struct Turn: Sendable, Equatable {
    let index: Int
    let isTrial: Bool
  }

  private(set) var breakers: [CircuitBreaker]

  init(count: Int, _ limits: ScannerLimits) {
    precondition(count > 0, "a service has a host")
    let pause = TimeAmount.milliseconds(Int64(limits.leaveAloneMilliseconds))
    breakers = Array(
      repeating: CircuitBreaker(failuresMax: limits.failuresMax, pause: pause), count: count)
  }

  /// The first host at or behind `start` that may be asked now: each call walks the list once.
  mutating func next(from start: Int, _ now: NIODeadline) -> Turn? {
    for index in breakers.indices.dropFirst(start) {
      let (allowed, isTrial) = breakers[index].mayCall(now)
      if allowed { return Turn(index: index, isTrial: isTrial) }
    }
    return nil
  }

  /// What a call's end changed for a host.
  enum Change: Sendable, Equatable {
    case leftAlone, backAgain
  }

  /// - Parameter failure: nil for an answer.
  /// - Returns: nil when the host is what it was: a trial that fails is no news.
  mutating func settle(
    _ turn: Turn, _ failure: ScanFailure?, _ now: NIODeadline
  ) -> Change? {
    let wasClosed = isClosed(turn.index)
    judge(turn, failure, now)
    switch (wasClosed, isClosed(turn.index)) {
    case (true, false): return .leftAlone
    case (false, true): return .backAgain
    case (true, true), (false, false): return nil
    }
  }

  private func isClosed(_ index: Int) -> Bool {
    if case .closed = breakers[index].state { true } else { false }
  }

  private mutating func judge(_ turn: Turn, _ failure: ScanFailure?, _ now: NIODeadline) {
    switch failure?.blame {
    case nil, .message: breakers[turn.index].succeeded()
    case .host: breakers[turn.index].failed(isTrial: turn.isTrial, now)
    case .nobody: breakers[turn.index].abandoned(isTrial: turn.isTrial, now)
    }
  }
}
