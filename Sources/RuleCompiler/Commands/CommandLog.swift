// `log [:level L] TEXT;`

import RuleBytecode

enum CommandLog: ActionCommand {
  static let signature = Signature(
    name: "log", availability: .ours, tags: [TagSignature("level", .string)],
    positional: [.init("text", .string)])
  static let action = Action.log

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    let text = context.text(literal)
    guard let tag = call.tag("level")?.string else { return Code(text: text, level: .info) }
    guard let name = context.constant(tag, ":level", of: "log") else { return nil }
    if let level = LogLevel.allCases.first(where: { $0.name == name }) {
      return Code(text: text, level: level)
    }
    let known = LogLevel.allCases.map(\.name)
    let nearest = context.nearest(to: name, among: known)
    context.report(
      .name(.unknownValue(name, of: ":level", nearest: nearest, known: known)), at: tag.range)
    return nil
  }

  struct Code: ActionCode {
    let text: TextValue
    let level: LogLevel

    func emit(_ out: inout BlockEmitter) {
      let text = out.text(text)
      out.emit(.log, a: text, c: UInt32(level.rawValue))
    }
  }
}
