// Whose mail is traced, changed while the filter runs: sessions and messages that begin from then
// on follow it.
internal import MilterBridge
internal import Synchronization

final class TraceSwitch: Sendable {
  private let current: Mutex<TraceSelection>
  private let messages = Atomic<Int>(0)

  init(_ selection: TraceSelection = TraceSelection()) { current = Mutex(selection) }

  var selection: TraceSelection {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  func nextMessageNumber() -> Int {
    messages.wrappingAdd(1, ordering: .relaxed).oldValue
  }
}
