// `drop;`: this part is taken out of the message.

import RuleBytecode

enum CommandDrop: ActionCommand {
  static let signature = Signature(name: "drop", availability: .ours, need: .part)
  static let action = Action.drop

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    PartEditCode(kind: .drop)
  }
}

/// A part edit; its text is built, the rest is constant.
struct PartEditCode: ActionCode {
  let kind: PartEditKind
  var type = ""
  var name = ""
  var disposition = ""
  var text = TextValue("")

  func emit(_ out: inout BlockEmitter) {
    let text = out.text(text)
    let edit = PartEditSpec(
      kind: kind, type: out.pool.string(type), name: out.pool.string(name),
      disposition: out.pool.string(disposition))
    out.emit(.editPart, a: text, c: out.pool.partEdit(edit))
  }
}
