// `discard [:message];` (RFC 5228 §4.4): taken and thrown away. In a plain Sieve script it only
// cancels the implicit keep.

import RuleBytecode

enum CommandDiscard: ActionCommand {
  static let signature = Signature(
    name: "discard", availability: .base, tags: [Verdicts.messageTag],
    need: .message)
  static let action = Action.discard
  static let ending = Ending.verdict

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    context.file.isPolicy ? Verdicts.silent(.discard, call, &context) : Plain()
  }

  struct Plain: ActionCode {
    func emit(_ out: inout BlockEmitter) {
      if out.isTestSuite { SuiteQuestion(command: "do", words: ["discard"]).emit(&out) }
      guard let plain = out.plain else { return }
      out.emit(.truthConstant, a: plain.discarded, c: 1)
    }
  }
}
