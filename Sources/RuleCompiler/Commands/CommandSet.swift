// `set [:message|:session|:recipient] [MODIFIERS] NAME VALUE;` (RFC 5229 §4, with scopes).

import RuleBytecode

enum CommandSet: ActionCommand {
  static let signature = Signature(
    name: "set", availability: .oursOr("variables"),
    tags: scopes.map { TagSignature($0.name, group: "scope", needs: nil) } + modifierTags,
    positional: [.init("name", .string), .init("value", .string)])
  static let action = Action.set

  static let scopes = [VariableScope.message, .session, .recipient]

  /// By precedence, which is also the order of work (RFC 5229 §4.1, RFC 5435 §6); two of the same
  /// precedence exclude each other.
  private static let modifiers: [(modifiers: [TextModifier], group: String)] = [
    ([.lower, .upper], "letter case"), ([.lowerfirst, .upperfirst], "first letter"),
    ([.quotewildcard, .quoteregex], "quoting"), ([.encodeurl], "encoding"), ([.length], "length"),
  ]

  /// Also those of `extracttext` (RFC 5703 §7).
  static var modifierTags: [TagSignature] {
    modifiers.flatMap { step in
      step.modifiers.map { TagSignature($0.name, group: step.group, needs: capability(of: $0)) }
    }
  }

  /// Those of a call, in the order in which they work.
  static func modifiers(of call: Call) -> [TextModifier] {
    modifiers.flatMap(\.modifiers).filter { call.has($0.name) }
  }

  private static func capability(of modifier: TextModifier) -> String? {
    switch modifier {
    case .quoteregex: "regex"
    // In Sieve it comes with enotify, which is for final delivery.
    case .encodeurl: Capability.ours
    default: nil
    }
  }

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let value = call.string(1) else { return nil }
    let text = context.text(value)
    return context.variable(toSetBy: call).map {
      Code(variable: $0, value: text, modifiers: modifiers(of: call))
    }
  }

  struct Code: ActionCode {
    let variable: VariableReference
    let value: TextValue
    let modifiers: [TextModifier]

    func emit(_ out: inout BlockEmitter) {
      let text = out.text(value)
      out.modify(text, by: modifiers)
      out.emit(.textStore, a: text, c: out.pool.variable(variable))
    }
  }
}

extension BlockEmitter {
  mutating func modify(_ text: Register, by modifiers: [TextModifier]) {
    for modifier in modifiers {
      emit(.textModify, a: text, b: Int(text), c: UInt32(modifier.rawValue))
    }
  }
}

extension CheckContext {
  /// The variable that the first argument of `set` or `compute` names, in the scope of its tag.
  mutating func variable(toSetBy call: Call) -> VariableReference? {
    let command = call.name.text
    guard let literal = call.string(0), let name = constant(literal, "name", of: command),
      let folded = variableName(name, at: literal.range)
    else { return nil }
    let scope = CommandSet.scopes.first { call.has($0.name) } ?? .run
    let phases = phases(of: scope)
    let possible = phases.phases.map(\.name)
    let range = call.tag(scope.name)?.range ?? call.name.range
    let isPossible = limit(to: phases, as: command, at: range) {
      .scopeNotPossible(scope.name, phase: $0.name, possible: possible)
    }
    guard isPossible else {
      names.variables[folded]?.isMisplaced = true
      return nil
    }
    return VariableReference(name: folded, scope: scope)
  }

  /// A name that a variable can have, folded; another one is reported.
  mutating func variableName(_ name: String, at range: SourceRange) -> String? {
    let folded = name.lowercasedASCII
    let isGlobal = hasGlobals && folded.hasPrefix(CommandGlobal.space)
    let own = isGlobal ? String(name.dropFirst(CommandGlobal.space.count)) : name
    guard Literals.isVariableName(own), !file.isPolicy || Fact.named(folded) == nil else {
      report(.literal(.badName(name, kind: .variable)), at: range)
      return nil
    }
    if !file.isPolicy, file.plainVariables.insert(folded).inserted,
      file.plainVariables.count == CompilerLimits.plainVariablesMax + 1
    {
      report(.flow(.tooComplex("script")), at: range)
    }
    return keptName(folded)
  }
}
