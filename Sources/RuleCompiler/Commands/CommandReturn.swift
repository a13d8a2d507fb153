// `return;` leaves the definition or file it stands in (RFC 6609 §3.3); what called or included
// that goes on.

import RuleBytecode

enum CommandReturn: ActionCommand {
  static let signature = Signature(name: "return", availability: .oursOr("include"))
  static let action = Action.return
  static let ending = Ending.leaves

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? { Code() }

  struct Code: ActionCode {
    func emit(_ out: inout BlockEmitter) {
      if let end = out.scriptEnd {
        out.jump(.jump, to: end)
      } else if out.isFunction {
        out.emit(.truthConstant, a: BlockEmitter.result, c: 0)
        out.emit(.return)
      } else {
        // A script that nobody included: all that was to be done is done.
        CommandStop.Code().emit(&out)
      }
    }
  }
}
