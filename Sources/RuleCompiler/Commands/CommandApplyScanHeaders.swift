// `apply_scan_headers SCANNER;`: the header fields that a scanner asks for are added and removed.

import RuleBytecode

enum CommandApplyScanHeaders: ActionCommand {
  static let signature = Signature(
    name: "apply_scan_headers", availability: .ours, positional: [.init("scanner", .string)],
    need: .message)
  static let action = Action.applyScanHeaders

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let name = "apply_scan_headers"
    guard let scanner = context.scanner(call.string(0), of: name, can: \.writesHeaders) else {
      return nil
    }
    // Where scanners are asked it asks by itself; before that it goes by what later rules ask.
    if context.place.phase == .message || context.place.phase == .eom {
      context.noteScan(of: scanner, for: name, at: call.name.range)
    }
    var action = PlannedAction(.applyScanHeaders)
    action.set("scanner", TextValue(scanner.name))
    return context.planEdit(call, &action) ? action : nil
  }
}
