// A server that fails again and again is left alone for a while, and the log says so once.
internal import CoreMetrics
internal import NIOCore
internal import Scanners
internal import Synchronization

final class ServerHealth: Sendable {
  private struct State {
    var breaker: CircuitBreaker
    /// Why the latest call failed.
    var reason = ""
  }

  private let name: String
  private let seconds: Int
  private let log: @Sendable (String) -> Void
  private let state: Mutex<State>
  /// 1 while it is left alone.
  private let meter: Meter
  private let board: BreakerBoard?

  /// - Parameter name: as the log is to call it.
  init(
    _ name: String, _ limits: TableCallLimits, board: BreakerBoard?,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.name = name
    self.board = board
    self.log = log
    seconds = limits.leaveAloneMilliseconds / 1_000
    let pause = TimeAmount.milliseconds(Int64(limits.leaveAloneMilliseconds))
    let breaker = CircuitBreaker(failuresMax: limits.failuresMax, pause: pause)
    state = Mutex(State(breaker: breaker))
    meter = Meter(label: "defang_breakers_open", dimensions: [("service", name)])
    meter.set(0)
  }

  deinit {
    guard state.withLock({ $0.breaker.state.isOpen }) else { return }
    meter.set(0)
    board?.closed(name)
  }

  /// Calls it, unless it is left alone.
  func watch<Answer>(
    _ call: () async throws(TableTrouble) -> Answer
  ) async throws(TableTrouble) -> Answer {
    let (turn, reason) = state.withLock { ($0.breaker.mayCall(.now()), $0.reason) }
    guard turn.allowed else { throw TableTrouble("left alone for a while after: \(reason)") }
    do throws(TableTrouble) {
      let answer = try await call()
      settle(turn.isTrial, nil)
      return answer
    } catch {
      settle(turn.isTrial, error)
      throw error
    }
  }

  /// Tells the breaker, and the log when it opens or closes.
  private func settle(_ isTrial: Bool, _ trouble: TableTrouble?) {
    let (before, after) = state.withLock { state in
      let before = state.breaker.state
      if let trouble, trouble.isOfServer {
        state.breaker.failed(isTrial: isTrial, .now())
        state.reason = trouble.reason
      } else {
        state.breaker.succeeded()
      }
      return (before, state.breaker.state)
    }
    switch (before, after) {
    case (.closed, .open), (.trial, .open):
      if !before.isOpen { tell(isOpen: true) }
      log("\(name): left alone for \(seconds) s after: \(trouble?.reason ?? "")")
    case (.open, .closed), (.trial, .closed):
      tell(isOpen: false)
      log("\(name): answers again")
    default: break
    }
  }

  private func tell(isOpen: Bool) {
    meter.set(isOpen ? 1 : 0)
    if isOpen { board?.opened(name) } else { board?.closed(name) }
  }
}
