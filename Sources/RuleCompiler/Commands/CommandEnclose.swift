// `enclose [:subject S] [:headers FIELDS] TEXT;` (RFC 5703 §6): this part becomes an attachment
// behind the text.

import RuleBytecode

enum CommandEnclose: ActionCommand {
  static let signature = Signature(
    name: "enclose", availability: .oursOr("enclose"),
    tags: [
      TagSignature("subject", .string), TagSignature("headers", .strings), PartEdits.breakTag,
    ],
    positional: [.init("text", .string)], need: .part)
  static let action = Action.enclose

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let literal = call.string(0) else { return nil }
    var action = PlannedAction(.enclose)
    action.set("text", context.text(literal))
    if let subject = call.tag("subject")?.string {
      action.set("subject", context.headerValue(subject))
    }
    if let fields = call.tag("headers")?.value?.strings {
      action.set("header", fields.map { context.headerField($0) })
    }
    return context.planEdit(call, &action) ? action : nil
  }
}

extension CheckContext {
  /// `Name: value` as one text; the name must be there and be one.
  fileprivate mutating func headerField(_ literal: StringLiteral) -> TextValue {
    let value = headerValue(literal)
    let head: String? = if case .literal(let text) = value.pieces.first { text } else { nil }
    let name = head.flatMap { text in
      text.firstIndex(of: ":").map { String(text[..<$0]) }
    }
    if name.map(Literals.isHeaderName) != true {
      report(.literal(.headerName(name ?? literal.value)), at: literal.range)
    }
    return value
  }
}
