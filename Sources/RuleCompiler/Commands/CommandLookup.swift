// `lookup …;`: the test of that name for its variable alone.

import RuleBytecode

enum CommandLookup: ActionCommand {
  static let signature = TestLookup.signature
  static let action = Action.lookup

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let test = TestLookup.check(call, &context) else { return nil }
    return Code(
      condition: CheckedCondition(test: test, policy: context.policy(for: test.failures)))
  }

  /// Asks; a failure is answered as that of a condition.
  struct Code: ActionCode {
    let condition: CheckedCondition

    func emit(_ out: inout BlockEmitter) {
      guard let leave = out.leave else { return }
      let next = out.label()
      out.condition(condition, otherwise: next, leave: leave)
      out.bind(next)
    }
  }
}
