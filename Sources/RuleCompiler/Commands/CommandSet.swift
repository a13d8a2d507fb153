// `set [:message|:session|:recipient] NAME VALUE;` (RFC 5229 §4, with scopes).

import RuleBytecode

enum CommandSet: ActionCommand {
  static let signature = Signature(
    name: "set", availability: .oursOr("variables"),
    tags: scopes.map { TagSignature($0.name, group: "scope", needs: nil) },
    positional: [.init("name", .string), .init("value", .string)])
  static let action = Action.set

  static let scopes = [VariableScope.message, .session, .recipient]

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0), let value = call.string(1) else { return nil }
    let text = context.text(value)
    let scope = scopes.first { call.has($0.name) } ?? .run
    guard let name = context.constant(literal, "name", of: "set") else { return nil }
    let folded = name.lowercasedASCII
    guard Literals.isVariableName(name), !context.file.isPolicy || Fact.named(folded) == nil
    else {
      context.report(.literal(.badName(name, kind: .variable)), at: literal.range)
      return nil
    }
    let possible = scope.phases.phases.map(\.name)
    let range = call.tag(scope.name)?.range ?? call.name.range
    let isPossible = context.limit(to: scope.phases, as: "set", at: range) {
      .scopeNotPossible(scope.name, phase: $0.name, possible: possible)
    }
    guard isPossible else { return nil }
    return Code(variable: VariableReference(name: folded, scope: scope), value: text)
  }

  struct Code: ActionCode {
    let variable: VariableReference
    let value: TextValue

    func emit(_ out: inout BlockEmitter) {
      let text = out.text(value)
      out.emit(.textStore, a: text, c: out.pool.variable(variable))
    }
  }
}
