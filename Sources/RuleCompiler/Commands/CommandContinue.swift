// `continue;` ends this rule; in a definition the rule that called it.

import RuleBytecode

enum CommandContinue: ActionCommand {
  static let signature = Signature(name: "continue", availability: .ours)
  static let action = Action.continue
  static let ending = Ending.leaves

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? { Code() }

  struct Code: ActionCode {
    func emit(_ out: inout BlockEmitter) {
      guard let leave = out.leave else { return }
      out.jump(.jump, to: leave)
    }
  }
}
