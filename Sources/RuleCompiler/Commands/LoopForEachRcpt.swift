// `for_each_rcpt [:split] { … }`: the block once for each accepted recipient whose fate is still
// open; a verdict in it is one on that recipient.

import RuleBytecode

enum LoopForEachRcpt {
  static let signature = Signature(
    name: "for_each_rcpt", availability: .ours, tags: [TagSignature("split")], block: .required,
    phases: PhaseSet([.eom]), need: .recipients)

  static func check(_ command: Command, _ context: inout CheckContext) -> CheckedLoop? {
    let call = ArgumentBinder.bind(command, signature, &context)
    let isPossible = context.limit(
      to: signature.phases, as: "for_each_rcpt", at: command.name.range
    ) {
      .actionNotPossible(
        "for_each_rcpt", phase: $0.name, need: .recipients, possible: [Phase.eom.name])
    }
    let isInside = context.recipientLoop != nil
    if isInside {
      context.report(
        .declaration(.misplaced("for_each_rcpt", found: .loop, allowed: [.rule])),
        at: command.name.range)
    }
    if context.place.phase == nil {
      context.place.notForTurns =
        context.place.notForTurns ?? ("for_each_rcpt", command.name.range)
    }
    let isSplit = call?.has("split") ?? true
    let subject: OpenLoop.Subject = isPossible && !isInside ? .recipients : .nothing
    context.loops.append(OpenLoop(subject: subject, name: nil, isSplit: isSplit))
    let (body, _) = StatementChecker.check(command.block?.commands ?? [], in: .loop, &context)
    context.loops.removeLast()
    guard call != nil, isPossible, !isInside else { return nil }
    return CheckedLoop(kind: .recipients, body: body)
  }
}

extension Checker {
  /// SMTP has one answer at the end of the data: what becomes of a recipient that is refused there
  /// while others get the message must be said.
  mutating func checkMixedFates() {
    let said = context.declared(.onMixed)
    for kind in [VerdictKind.reject, .tempfail] {
      guard let range = context.turnVerdicts[kind], said?.value(kind.name) == nil else { continue }
      if said == nil, context.isWritten(.onMixed) { continue }
      context.report(.declaration(.mixedFateMissing(kind.name)), at: range)
    }
  }
}
