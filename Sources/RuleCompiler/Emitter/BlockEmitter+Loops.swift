// Loops as code: a place in the machine, a begin that may skip the block, and a way back.

import RuleBytecode

/// A loop whose block is being written.
struct OpenLoopCode {
  /// Its place in the machine.
  let slot: Register
  let isOfRecipients: Bool
  /// Where the next turn begins.
  let next: Label
  /// Behind the loop.
  let end: Label
}

extension BlockEmitter {
  mutating func loop(_ checked: CheckedLoop) {
    scratch { out in
      let slot = out.loop()
      let end = out.label()
      let next = out.label()
      let isOfRecipients = checked.kind == .recipients
      out.jump(.loopBegin, a: slot, b: out.code(of: checked.kind), to: end)
      let start = UInt32(out.code.count)
      out.openLoops.append(
        OpenLoopCode(slot: slot, isOfRecipients: isOfRecipients, next: next, end: end))
      out.statements(checked.body)
      out.openLoops.removeLast()
      out.bind(next)
      out.emit(.loopNext, a: slot, c: start)
      out.bind(end)
    }
  }

  /// The checker counts loops by depth; in the machine they lie above those of called functions.
  private func code(of kind: LoopKind) -> Int {
    guard case .parts(.some(let outer)) = kind else { return kind.code }
    return LoopKind.parts(inside: Int(openLoops[outer].slot)).code
  }

  /// One plus the place of the loop of that depth; 0 for none.
  func operand(ofLoop depth: Int?) -> UInt8 { depth.map { openLoops[$0].slot + 1 } ?? 0 }

  /// Goes behind the loop of that depth.
  mutating func leaveLoop(_ depth: Int) {
    if let turns = openLoops[depth...].first(where: \.isOfRecipients) {
      emit(.loopLeave, a: turns.slot)
    }
    jump(.jump, to: openLoops[depth].end)
  }

  /// Where the code goes on behind a verdict that does not end the run: at the next recipient's
  /// turn, or, in a rule that only observes, behind the rule.
  var behindVerdict: Label? { openLoops.last { $0.isOfRecipients }?.next ?? leave }
}
