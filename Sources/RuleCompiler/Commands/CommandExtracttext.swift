// `extracttext [:first N] [MODIFIERS] NAME;` (RFC 5703 §7): the text of the part at hand, for
// readers, into a variable of this run, with the modifiers of `set`.

import RuleBytecode

enum CommandExtracttext: ActionCommand {
  static let signature = Signature(
    name: "extracttext", availability: .oursOr("extracttext"),
    tags: [TagSignature("first", .number)] + CommandSet.modifierTags,
    positional: [.init("variable name", .string)],
    phases: action.phases, need: .part)
  static let action = Action.extracttext

  /// What a variable can hold, in characters of one byte.
  private static let charactersMax = InputCaps().variableBytes

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    context.demand(.oursOr("variables"), for: "extracttext", at: call.name.range)
    let characters = characters(call, &context)
    guard let literal = call.string(0),
      let name = context.constant(literal, "variable name", of: "extracttext")
    else { return nil }
    let folded = name.lowercasedASCII
    guard Literals.isVariableName(name), !context.file.isPolicy || Fact.named(folded) == nil
    else {
      context.report(.literal(.badName(name, kind: .variable)), at: literal.range)
      return nil
    }
    guard context.hasPart(for: "extracttext", at: call.name.range) else { return nil }
    return Code(
      variable: VariableReference(name: folded, scope: .run), characters: characters,
      modifiers: CommandSet.modifiers(of: call), loop: context.partLoop)
  }

  /// `:first N`; without it as much as a variable holds.
  private static func characters(_ call: Call, _ context: inout CheckContext) -> Int {
    guard let number = call.tag("first")?.number else { return charactersMax }
    let allowed = 1...1_000_000_000
    if !allowed.contains(number.value) {
      let problem = ArgumentProblem.outOfRange(
        ":first", value: number.value, allowed: allowed, of: "extracttext")
      context.report(.argument(problem), at: number.range)
    }
    return min(number.value, charactersMax)
  }

  struct Code: ActionCode {
    let variable: VariableReference
    let characters: Int
    let modifiers: [TextModifier]
    let loop: Int?

    func emit(_ out: inout BlockEmitter) {
      let text = out.text()
      out.emit(
        .textPart, a: text, b: Int(out.operand(ofLoop: loop)),
        c: out.pool.number(Int64(characters)))
      out.modify(text, by: modifiers)
      out.emit(.textStore, a: text, c: out.pool.variable(variable))
    }
  }
}
