// `stop;` ends this run (RFC 5228 §3.3); in a plain Sieve script all scripts.

import RuleBytecode

enum CommandStop: ActionCommand {
  static let signature = Signature(name: "stop")
  static let action = Action.stop
  static let ending = Ending.leaves

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? { Code() }

  struct Code: ActionCode {
    func emit(_ out: inout BlockEmitter) {
      // In a suite it ends its test only: the others are no scripts behind it.
      if let end = out.suiteEnd {
        out.jump(.jump, to: end)
        return
      }
      guard let plain = out.plain else {
        out.emit(.stop)
        if let leave = out.leave { out.jump(.jump, to: leave) }
        return
      }
      out.emit(.truthConstant, a: plain.stopped, c: 1)
      out.jump(.jump, to: plain.end)
    }
  }
}
