// `filter_program [:break_signature] NAME;`: this part's content goes through a declared program.

import RuleBytecode

enum CommandFilterProgram: ActionCommand {
  static let signature = Signature(
    name: "filter_program", availability: .ours, tags: [PartEdits.breakTag],
    positional: [.init("program", .string)], need: .part)
  static let action = Action.filterProgram

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard
      let program = context.declared(.program, call.string(0), "program", of: "filter_program"),
      var action = PartEdits.bare(.filterProgram, call, &context)
    else { return nil }
    action.set("program", TextValue(program.name))
    action.errandPolicy = context.answers.policy
    return action
  }
}
