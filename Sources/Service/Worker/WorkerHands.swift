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
    var watched: [Int: Suspect] = [:]
  }

  private struct Suspect {
    let mark: HandMark
    /// It was written down for this run, and goes with its good end.
    var isKept = false
  }

  let key: HandKey
  private let pages: HandPages
  private let state: Mutex<State>
  /// Told when a suspect's run is over and the process lives.
  private let cleared: @Sendable (HandMark) -> Void
  private let faults: FaultKeeper?

  init(
    _ pages: HandPages, faults: FaultKeeper? = nil, cleared: @escaping @Sendable (HandMark) -> Void
  ) {
    self.pages = pages
    self.faults = faults
    self.cleared = cleared
    key = pages.key
    state = Mutex(State(free: Array((0..<HandPages.slotCount).reversed())))
  }

  func suspect(_ deaths: [HandMark: Int]) { state.withLock { $0.deaths = deaths } }

  func take(_ mark: HandMark, name: String, facts: () -> SessionFacts?) -> HandPlace {
    var isSuspect = false
    let place = state.withLock { state -> HandPlace in
      let deaths = state.deaths.isEmpty ? nil : state.deaths[mark]
      if let deaths, deaths >= Suspects.deathsMax { return .poison }
      guard let slot = state.free.popLast() else { return .none }
      if deaths != nil {
        state.watched[slot] = Suspect(mark: mark)
        isSuspect = true
      }
      return .held(slot)
    }
    guard case .held(let slot) = place else { return place }
    pages.write(HandEntry(mark: mark, name: name), at: slot)
    if isSuspect, let faults, let facts = facts(), faults.keepSuspect(facts, mark) {
      state.withLock { $0.watched[slot]?.isKept = true }
    }
    return place
  }

  func failed(_ facts: SessionFacts, problem: String) {
    faults?.keep(facts, mark(of: facts), problem: problem)
  }

  /// That of a run over the message is the one by which the message is taken in hand.
  private func mark(of facts: SessionFacts) -> HandMark {
    let envelope = [facts.sender] + facts.recipients
    let bytes = facts.message?.bytes ?? Array(envelope.joined(separator: "\0").utf8)
    return HandMark(
      bytes.span, step: facts.stage.rawValue, size: facts.message?.sizeBytes ?? bytes.count,
      key: key)
  }

  func leave(_ place: HandPlace) {
    guard case .held(let slot) = place else { return }
    pages.clear(slot)
    let innocent = state.withLock { state -> Suspect? in
      state.free.append(slot)
      guard !state.watched.isEmpty, let suspect = state.watched.removeValue(forKey: slot) else {
        return nil
      }
      state.deaths[suspect.mark] = nil
      return suspect
    }
    guard let innocent else { return }
    if innocent.isKept { faults?.forget(innocent.mark) }
    cleared(innocent.mark)
  }
}
