// Holds calls back until there is a place for them, no longer than their deadline. A task that
// waits holds no thread.
package import NIOCore
internal import Synchronization

package final class CallGate: Sendable {
  private typealias Waiter = CheckedContinuation<ScanFailure?, Never>

  private struct State: Sendable {
    var queue: CallQueue
    var waiters: [UInt64: Waiter] = [:]
    var lastCall: UInt64 = 0
  }

  private let state: Mutex<State>

  package init(callsMax: Int, waitingMax: Int) {
    state = Mutex(State(queue: CallQueue(runningMax: callsMax, waitingMax: waitingMax)))
  }

  /// Running calls and waiting ones.
  var load: (running: Int, waiting: Int) {
    state.withLock { ($0.queue.running, $0.queue.waiting.count) }
  }

  /// Comes back with a place, which `leave` gives back.
  package func enter(_ deadline: NIODeadline, _ loop: any EventLoop) async throws(ScanFailure) {
    let call = state.withLock { state in
      state.lastCall += 1
      return state.lastCall
    }
    let timer = loop.scheduleTask(deadline: deadline) { [self] in
      giveUp(call, .timedOut(.place))
    }
    defer { timer.cancel() }
    let failure = await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: Waiter) in
        register(call, waiter)
        // What came before the call was registered has found nobody to tell.
        if Task.isCancelled { giveUp(call, .cancelled) }
        if NIODeadline.now() >= deadline { giveUp(call, .timedOut(.place)) }
      }
    } onCancel: {
      giveUp(call, .cancelled)
    }
    if let failure { throw failure }
  }

  package func leave() {
    let next = state.withLock { state in
      state.queue.leave().flatMap { state.waiters.removeValue(forKey: $0) }
    }
    next?.resume(returning: nil)
  }

  private func register(_ call: UInt64, _ waiter: Waiter) {
    let entry = state.withLock { state in
      let entry = state.queue.enter(call)
      if entry == .wait { state.waiters[call] = waiter }
      return entry
    }
    switch entry {
    case .go: waiter.resume(returning: nil)
    case .full: waiter.resume(returning: .busy)
    case .wait: break
    }
  }

  private func giveUp(_ call: UInt64, _ reason: ScanFailure) {
    let waiter = state.withLock { state in
      state.queue.giveUp(call) ? state.waiters.removeValue(forKey: call) : nil
    }
    waiter?.resume(returning: reason)
  }
}
