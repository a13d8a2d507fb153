// `disclaimer [:all] [:once MARK] :text T :html H [:break_signature];`: a text at the end of the
// first text and HTML parts, or of all of them.

import RuleBytecode

enum CommandDisclaimer: ActionCommand {
  static let signature = Signature(
    name: "disclaimer", availability: .ours,
    tags: [
      TagSignature("all"), TagSignature("once", .string), TagSignature("text", .string),
      TagSignature("html", .string), PartEdits.breakTag,
    ], need: .message)
  static let action = Action.disclaimer

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    var action = PlannedAction(.disclaimer)
    if call.has("all") { action.flags.insert(.all) }
    if !call.has("text") && !call.has("html") {
      context.report(
        .argument(.missing(":text or :html", expected: .tag, of: "disclaimer")),
        at: call.name.range)
    }
    if let literal = call.tag("text")?.string { action.set("text", context.text(literal)) }
    if let literal = call.tag("html")?.string {
      var html = context.text(literal)
      html.escapesHTML = true
      action.set("html", html)
    }
    if let literal = call.tag("once")?.string,
      let mark = context.word(literal, ":once", of: "disclaimer")
    {
      action.set("once", TextValue(mark))
    }
    return context.planEdit(call, &action) ? action : nil
  }
}
