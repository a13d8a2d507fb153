// `error MESSAGE;` (RFC 5463 §5): the script cannot go on. A failure of class `:internal`, answered
// by tempfail unless the policy says otherwise; the message stands in the log.

import RuleBytecode

enum CommandError: ActionCommand {
  static let signature = Signature(
    name: "error", availability: .capability("ihave"), positional: [.init("message", .string)])
  static let action = Action.error
  static let ending = Ending.leaves

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let message = call.string(0) else { return nil }
    let failures = Failures(.internal, of: "error", at: call.name.range, isAnswered: false)
    return Code(message: context.text(message), policy: context.policy(for: failures))
  }

  struct Code: ActionCode {
    let message: TextValue
    let policy: FailurePolicy

    func emit(_ out: inout BlockEmitter) {
      var action = PlannedAction(.error)
      action.set("message", message)
      action.policy = policy
      action.emit(&out)
      // Where the answer is `continue`, the rule is left all the same.
      if let leave = out.suiteEnd ?? out.leave { out.jump(.jump, to: leave) }
    }
  }
}
