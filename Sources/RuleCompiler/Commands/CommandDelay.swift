// `delay SECONDS;`: the reply to this command of the client is held back. Without holding a thread.

import RuleBytecode

enum CommandDelay: ActionCommand {
  static let signature = Signature(
    name: "delay", availability: .ours, positional: [.init("seconds", .number)])
  static let action = Action.delay

  /// MTAs and clients wait longer; a filter that did would hold their connections.
  static let secondsMax = 8

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    call.number(0).map { plan(context.delaySeconds($0, "seconds", of: "delay")) }
  }

  static func plan(_ seconds: Int) -> PlannedAction {
    var action = PlannedAction(.delay)
    action.set("seconds", TextValue(String(seconds)))
    return action
  }
}

extension CheckContext {
  /// `:delay` of a verdict.
  mutating func delay(of call: Call) -> Int? {
    guard let tag = call.tag("delay"), let number = tag.number else { return nil }
    let phases = Action.delay.phases
    let isPossible = limit(to: phases, as: ":delay", at: tag.range) {
      .tagNotPossible(
        "delay", of: call.name.text, phase: $0.name, possible: phases.phases.map(\.name))
    }
    return isPossible ? delaySeconds(number, ":delay", of: call.name.text) : nil
  }

  /// Longer ones are cut by the machine; nobody means less than a second or more than a minute.
  mutating func delaySeconds(_ number: NumberLiteral, _ label: String, of name: String) -> Int {
    let allowed = 1...60
    if !allowed.contains(number.value) {
      report(
        .argument(.outOfRange(label, value: number.value, allowed: allowed, of: name)),
        at: number.range)
    }
    return number.value
  }
}
