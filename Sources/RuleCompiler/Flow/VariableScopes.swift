// One name with values of several scopes. Which of them a text means is settled when the policy is
// compiled: the innermost that is set anywhere in the phase, also where this run has not set it. So
// what reads like a default and an exception are two variables that never meet.
//
// Said of each place that sets the inner one, where the outer one can have a value by then.

import RuleBytecode

enum VariableScopes {
  static func check(_ context: inout CheckContext) {
    for (name, facts) in context.names.variables where !facts.scopes.isEmpty {
      for inner in facts.sets {
        guard let outer = facts.sets.first(where: { isHidden($0, by: inner, context) }) else {
          continue
        }
        let hidden = HiddenVariable(
          name: name, scope: outer.scope.name, inner: inner.scope.name, isLookup: inner.isLookup)
        context.report(
          .flow(.hidesVariable(hidden)), at: inner.place,
          notes: [.init(.set(name, phase: nil), at: outer.place)])
      }
    }
  }

  private static func isHidden(
    _ outer: VariableSet, by inner: VariableSet, _ context: CheckContext
  ) -> Bool {
    guard let depth = depths.firstIndex(of: inner.scope),
      let outerDepth = depths.firstIndex(of: outer.scope), depth < outerDepth
    else { return false }
    guard let phase = inner.phase else { return true }
    // Variables of a recipient are seen in its own run and at the end.
    if outer.scope == .recipient { return phase == .rcpt || phase == .eom }
    return (outer.phase ?? phase) <= phase
  }

  /// From the inside out.
  private static let depths: [VariableScope] = [.run, .recipient, .message, .session]
}
