// `foreverypart [:name N] { … }` (RFC 5703 §3): the block once for each part of the message, depth
// first; inside another loop over parts, for each part inside that one's.

import RuleBytecode

enum LoopForeverypart {
  static let signature = Signature(
    name: "foreverypart", availability: .oursOr("foreverypart"),
    tags: [TagSignature("name", .string)], block: .required, phases: PhaseSet([.message, .eom]),
    need: .message)

  static func check(_ command: Command, _ context: inout CheckContext) -> CheckedLoop? {
    let call = ArgumentBinder.bind(command, signature, &context)
    let possible = signature.phases
    let isPossible = context.limit(to: possible, as: "foreverypart", at: command.name.range) {
      .actionNotPossible(
        "foreverypart", phase: $0.name, need: .none, possible: possible.phases.map(\.name))
    }
    let name = call?.tag("name")?.string.flatMap {
      context.constant($0, ":name", of: "foreverypart")
    }
    let outer = context.partLoop
    let depth = context.loops.count { $0.subject == .parts }
    let isTooDeep = depth >= CompilerLimits.loopNestingMax
    if isTooDeep {
      context.report(
        .declaration(.loopsTooDeep(max: CompilerLimits.loopNestingMax)), at: command.name.range)
    }
    // Where there can be no loop, its block is checked for all that is not about its part.
    context.loops.append(OpenLoop(subject: isPossible ? .parts : .nothing, name: name))
    let (body, _) = StatementChecker.check(command.block?.commands ?? [], in: .loop, &context)
    context.loops.removeLast()
    guard call != nil, isPossible, !isTooDeep else { return nil }
    return CheckedLoop(kind: .parts(inside: outer), body: body)
  }
}
