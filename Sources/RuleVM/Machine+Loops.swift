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
  /// The part whose inside the loop goes through; below 0 for the parts of the message.
  var container: Int32 = -1
}

extension Machine {
  /// Sets a loop to its first turn; false when there is none. What is inside of a part stands
  /// behind it, but among other parts where readings differ.
  @inline(never)
  mutating func beginLoop(
    _ next: Instruction, _ program: borrowing VerifiedProgram
  ) -> Bool {
    var range = 0..<0
    var isOfRecipients = false
    var container = -1
    switch LoopKind(code: Int(next.b)) {
    case .recipients:
      isOfRecipients = true
      range = (nextTurn(from: 0) ?? recipients.count)..<recipients.count
    case .parts(nil): range = 0..<partsCount
    case .parts(.some(let outer)):
      container = Int(loops[outer].current)
      range = partsInside(container)
    case nil: break
    }
    loops[Int(next.a)] = LoopState(
      isOfRecipients: isOfRecipients, current: Int32(clamping: range.lowerBound),
      end: Int32(clamping: range.upperBound), container: Int32(clamping: container))
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
    } else {
      // More parts may have been found since.
      var state = loops[slot]
      let container = Int(state.container)
      state.end = Int32(clamping: container < 0 ? partsCount : endOfParts(inside: container))
      if container >= 0 { skipParts(outside: container, &state) }
      loops[slot] = state
    }
    let state = loops[slot]
    guard state.current < state.end else {
      if state.isOfRecipients { leaveTurns(program) }
      return false
    }
    if state.isOfRecipients { enterTurn(Int(state.current), program) }
    return true
  }

  /// From the first part inside of another to behind the last one.
  private mutating func partsInside(_ container: Int) -> Range<Int> {
    guard container >= 0, container < partsCount else { return 0..<0 }
    var state = LoopState(
      current: Int32(container + 1), end: Int32(endOfParts(inside: container)))
    skipParts(outside: container, &state)
    return Int(state.current)..<Int(max(state.current, state.end))
  }

  private var partsCount: Int { message?.parts.count ?? 0 }

  private mutating func endOfParts(inside container: Int) -> Int {
    guard let message else { return 0 }
    return parts.tree(of: message).lastInside(container) + 1
  }

  private mutating func skipParts(outside container: Int, _ state: inout LoopState) {
    guard let message else { return }
    let tree = parts.tree(of: message)
    while state.current < state.end, !tree.isInside(Int(state.current), of: container) {
      state.current += 1
    }
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
