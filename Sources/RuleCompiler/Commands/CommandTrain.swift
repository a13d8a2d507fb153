// `train :spam|:ham SCANNER;`: the message is given to a scanner to learn from.

import RuleBytecode

enum CommandTrain: ActionCommand {
  static let signature = Signature(
    name: "train", availability: .ours,
    tags: [TagSignature("spam", group: "kind"), TagSignature("ham", group: "kind")],
    positional: [.init("scanner", .string)], need: .message)
  static let action = Action.train

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    guard let scanner = context.scanner(call.string(0), of: "train", can: \.learns) else {
      return nil
    }
    guard call.has("spam") || call.has("ham") else {
      context.report(
        .argument(.missing(":spam or :ham", expected: .tag, of: "train")), at: call.name.range)
      return nil
    }
    var action = PlannedAction(.train)
    action.flags = call.has("spam") ? .spam : .ham
    action.set("scanner", TextValue(scanner.name))
    return action
  }
}
