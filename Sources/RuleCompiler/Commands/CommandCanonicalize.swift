// `canonicalize [:only ANOMALIES] [:break_signature];`: the message is written anew where it can be
// read in more ways than one.

import RuleBytecode

enum CommandCanonicalize: ActionCommand {
  static let signature = Signature(
    name: "canonicalize", availability: .ours,
    tags: [TagSignature("only", .strings), PartEdits.breakTag], need: .message)
  static let action = Action.canonicalize

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.canonicalize)
    let known = Mendable.allCases.map(\.name)
    var chosen: [TextValue] = []
    for literal in call.tag("only")?.value?.strings ?? [] {
      guard let word = context.constant(literal, ":only", of: "canonicalize") else { continue }
      if known.contains(word) {
        chosen.append(TextValue(word))
        continue
      }
      let nearest = context.nearest(to: word, among: known)
      context.report(
        .name(.unknownValue(word, of: ":only", nearest: nearest, known: known)),
        at: literal.range)
    }
    if !chosen.isEmpty { action.set("only", chosen) }
    return context.planEdit(call, &action) ? action : nil
  }
}
