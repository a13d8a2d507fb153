// `break [:name N];` (RFC 5703 §3): leaves the innermost loop, or the one of that name.

import RuleBytecode

enum CommandBreak: ActionCommand {
  static let signature = Signature(
    name: "break", availability: .oursOr("foreverypart"), tags: [TagSignature("name", .string)])
  static let action = Action.break
  static let ending = Ending.leaves

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.tag("name")?.string else {
      if context.loopsToLeave.isEmpty {
        context.report(.declaration(.breakOutsideLoop), at: call.name.range)
        return nil
      }
      return Code(depth: context.loops.count - 1)
    }
    guard let name = context.constant(literal, ":name", of: "break") else { return nil }
    if let depth = context.loopsToLeave.lastIndex(where: { $0.name == name }) {
      return Code(depth: depth)
    }
    let nearest = context.nearest(to: name, among: context.loopsToLeave.compactMap(\.name))
    context.report(
      .declaration(.undefined(name, kind: .loop, nearest: nearest)), at: literal.range)
    return nil
  }

  struct Code: ActionCode {
    /// The loop's place among those around it.
    let depth: Int

    func emit(_ out: inout BlockEmitter) { out.leaveLoop(depth) }
  }
}
