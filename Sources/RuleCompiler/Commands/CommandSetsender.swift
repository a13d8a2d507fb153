// `setsender ADDRESS;`: the reverse path; the empty text is the null sender.

import RuleBytecode

enum CommandSetsender: ActionCommand {
  static let signature = Signature(
    name: "setsender", availability: .ours, positional: [.init("address", .string)],
    need: .message)
  static let action = Action.setsender

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    call.string(0).map { literal in
      var action = PlannedAction(.setsender)
      action.set("address", context.address(literal, orNull: true))
      return action
    }
  }
}

extension CheckContext {
  /// An address that mail is sent to or from. One that is built is looked at when it is used.
  mutating func address(_ literal: StringLiteral, orNull isNullAllowed: Bool = false) -> TextValue {
    let value = text(literal)
    guard let constant = value.constant, !(isNullAllowed && constant.isEmpty) else { return value }
    if !Literals.canEqualAddress(constant) || !constant.utf8.contains(UInt8(ascii: "@")) {
      report(.literal(.address(constant)), at: literal.range)
    }
    return value
  }
}
