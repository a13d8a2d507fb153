// Loops over parts and recipients. The compiler gives each loop that can run at the same time a
// place of its own, so leaving one early needs no work: whoever begins there next starts anew.
internal import MailMessage
internal import RuleBytecode

/// Where a loop stands.
struct LoopState: BitwiseCopyable {
  var isOfRecipients = false
  /// Index of a part, or of an accepted recipient.
  var current: Int32 = 0
  /// Behind the last one.
  var end: Int32 = 0
}

extension Machine {
  /// Sets a loop to its first turn; false when there is none. Parts inside another follow it in
  /// the order of the message, deeper than it.
  @inline(never)
  mutating func beginLoop(
    _ next: Instruction, _ program: borrowing VerifiedProgram
  ) -> Bool {
    var range = 0..<0
    var isOfRecipients = false
    switch LoopKind(code: Int(next.b)) {
    case .recipients:
      isOfRecipients = true
      range = (nextTurn(from: 0) ?? recipients.count)..<recipients.count
    case .parts(nil): range = 0..<(message?.parts.count ?? 0)
    case .parts(.some(let outer)): range = partsInside(Int(loops[outer].current))
    case nil: break
    }
    loops[Int(next.a)] = LoopState(
      isOfRecipients: isOfRecipients, current: Int32(clamping: range.lowerBound),
      end: Int32(clamping: range.upperBound))
    if isOfRecipients, !range.isEmpty { enterTurn(range.lowerBound, program) }
    return !range.isEmpty
  }

  /// Goes on to the next turn; false when there is none.
  @inline(never)
  mutating func advanceLoop(_ slot: Int, _ program: borrowing VerifiedProgram) -> Bool {
    loops[slot].current += 1
    if loops[slot].isOfRecipients {
      let next = nextTurn(from: Int(loops[slot].current)) ?? recipients.count
      loops[slot].current = Int32(clamping: next)
    }
    let state = loops[slot]
    guard state.current < state.end else {
      if state.isOfRecipients { leaveTurns(program) }
      return false
    }
    if state.isOfRecipients { enterTurn(Int(state.current), program) }
    return true
  }

  private func partsInside(_ container: Int) -> Range<Int> {
    guard let parts = message?.parts, parts.indices.contains(container) else { return 0..<0 }
    var end = container + 1
    while end < parts.count, parts[end].depth > parts[container].depth { end += 1 }
    return container + 1..<end
  }

  /// The part that a query, fact or action is about: that of the loop, or the run's own.
  func part(ofLoop loop: Int) throws(Trap) -> Int {
    guard let message else { throw .misplaced("a MIME part") }
    let index = loop > 0 ? Int(loops[loop - 1].current) : partIndex
    guard let index, message.parts.indices.contains(index) else { throw .misplaced("a MIME part") }
    return index
  }

  /// The accepted recipient whose turn a loop is at.
  func recipient(ofLoop loop: Int) -> Int? {
    guard loop > 0, loops[loop - 1].isOfRecipients else { return nil }
    let index = Int(loops[loop - 1].current)
    return accepted.indices.contains(index) ? index : nil
  }
}
