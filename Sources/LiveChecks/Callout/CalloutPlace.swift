// One place that is called: a domain's hosts, or a server that the policy names. How many calls go
// there at once and in a minute, and whether it is left alone for having failed.
internal import NIOCore
internal import Scanners
internal import Synchronization

final class CalloutPlace: Sendable {
  /// A call that may be made, and has to be settled.
  struct Turn: Sendable {
    let isTrial: Bool
  }

  private struct State {
    var breaker: CircuitBreaker
    var minuteStart: NIODeadline?
    var minuteCalls = 0
    /// With those that wait.
    var users = 0
  }

  let gate: CallGate
  private let minuteMax: Int?
  private let state: Mutex<State>

  init(isNamed: Bool, _ limits: CalloutLimits) {
    gate = CallGate(
      callsMax: isNamed ? limits.serverCallsMax : limits.strangerCallsMax,
      waitingMax: limits.waitingMax)
    // Whom the administrator names is asked as often as mail comes.
    minuteMax = isNamed ? nil : limits.strangerMinuteMax
    state = Mutex(
      State(
        breaker: CircuitBreaker(
          failuresMax: limits.failuresMax,
          pause: .milliseconds(Int64(limits.leaveAloneMilliseconds)))))
  }

  func enter() { state.withLock { $0.users += 1 } }
  func leave() { state.withLock { $0.users -= 1 } }

  /// Nobody uses it and nothing speaks against it, so it may be forgotten.
  func isIdle(_ now: NIODeadline) -> Bool {
    state.withLock { state in
      let isQuiet = state.minuteStart.map { now - $0 >= .minutes(1) } ?? true
      return state.users == 0 && isQuiet && state.breaker.state == .closed(failures: 0)
    }
  }

  func begin(_ now: NIODeadline) -> Result<Turn, CalloutRefusal> {
    state.withLock { state in
      if state.minuteStart.map({ now - $0 >= .minutes(1) }) ?? true {
        state.minuteStart = now
        state.minuteCalls = 0
      }
      if let minuteMax, state.minuteCalls >= minuteMax { return .failure(.tooOften) }
      let (allowed, isTrial) = state.breaker.mayCall(now)
      guard allowed else { return .failure(.leftAlone) }
      state.minuteCalls += 1
      return .success(Turn(isTrial: isTrial))
    }
  }

  /// What a call's end changed for a place.
  enum Change: Sendable { case leftAlone, backAgain }

  /// - Returns: nil when it is what it was: a trial that fails is no news.
  func settle(_ turn: Turn, hasFailed: Bool, _ now: NIODeadline) -> Change? {
    state.withLock { state in
      let wasClosed = if case .closed = state.breaker.state { true } else { false }
      guard hasFailed else {
        state.breaker.succeeded()
        return wasClosed ? nil : .backAgain
      }
      state.breaker.failed(isTrial: turn.isTrial, now)
      guard case .open = state.breaker.state else { return nil }
      return wasClosed ? .leftAlone : nil
    }
  }
}

enum CalloutRefusal: String, Error {
  case tooOften = "it was asked too often in this minute"
  case leftAlone = "it failed too often and is left alone for a while"
}
