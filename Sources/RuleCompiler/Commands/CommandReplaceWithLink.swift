// `replace_with_link :store S [:salt] [:type T] [:name N] [:list TEXT] TEXT;`: this part goes into
// a store, and a text with its address, `${link.url}`, stands in its place.

import RuleBytecode

enum CommandReplaceWithLink: ActionCommand {
  static let signature = Signature(
    name: "replace_with_link", availability: .ours,
    tags: [
      TagSignature("store", .string), TagSignature("salt"), TagSignature("type", .string),
      TagSignature("name", .string), TagSignature("list", .string), PartEdits.breakTag,
    ],
    positional: [.init("text", .string)], need: .part)
  static let action = Action.replaceWithLink

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let store = context.required(.store, "store", call) else { return nil }
    var first = PlannedAction(.replaceWithLink)
    first.set("store", TextValue(store))
    if call.has("salt") { first.flags = .salt }
    first.loop = context.partLoop
    var action = first
    action.errandPolicy = context.answers.policy
    context.newPart(call, &action, text: 0)
    if let literal = call.tag("list")?.string { action.set("list", context.text(literal)) }
    guard context.planEdit(call, &action) else { return nil }
    return Code(first: first, second: action)
  }

  /// The part's address must be known before the texts are built that name it.
  struct Code: ActionCode {
    let first: PlannedAction
    let second: PlannedAction

    func emit(_ out: inout BlockEmitter) {
      out.scratch { first.emit(&$0) }
      second.emit(&out)
    }
  }
}
