// The worker's side of what is in hand: writes it down where the master can read it, and knows what
// must not be tried again.
internal import MilterBridge
internal import Synchronization

final class WorkerHands: HandWatch {
  private struct State {
    var free: [Int]
    /// Those that were in hand when a worker died.
    var deaths: [HandMark: Int] = [:]
    /// Suspects that are in hand now, by slot.
    var watched: [Int: HandMark] = [:]
  }

  let key: HandKey
  private let pages: HandPages
  private let state: Mutex<State>
  /// Told when a suspect's run is over and the process lives.
  private let cleared: @Sendable (HandMark) -> Void

  init(_ pages: HandPages, cleared: @escaping @Sendable (HandMark) -> Void) {
    self.pages = pages
    self.cleared = cleared
    key = pages.key
    state = Mutex(State(free: Array((0..<HandPages.slotCount).reversed())))
  }

  func suspect(_ deaths: [HandMark: Int]) { state.withLock { $0.deaths = deaths } }

  func take(_ mark: HandMark, name: String) -> HandPlace {
    let place = state.withLock { state -> HandPlace in
      let deaths = state.deaths.isEmpty ? nil : state.deaths[mark]
      if let deaths, deaths >= Suspects.deathsMax { return .poison }
      guard let slot = state.free.popLast() else { return .none }
      if deaths != nil { state.watched[slot] = mark }
      return .held(slot)
    }
    if case .held(let slot) = place { pages.write(HandEntry(mark: mark, name: name), at: slot) }
    return place
  }

  func leave(_ place: HandPlace) {
    guard case .held(let slot) = place else { return }
    pages.clear(slot)
    let innocent = state.withLock { state -> HandMark? in
      state.free.append(slot)
      guard !state.watched.isEmpty, let mark = state.watched.removeValue(forKey: slot) else {
        return nil
      }
      state.deaths[mark] = nil
      return mark
    }
    if let innocent { cleared(innocent) }
  }
}
