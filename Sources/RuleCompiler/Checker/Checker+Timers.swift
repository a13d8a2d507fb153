// `every SECONDS "name" { … }`: a job by the clock. It is a rule without a session: what it may
// do and ask stands in `TimerRights`.

import RuleBytecode

extension Checker {
  private static let everySignature = Signature(
    name: "every", availability: .ours,
    positional: [.init("seconds", .number), .init("name", .string)], block: .required)

  mutating func checkTimer(_ command: Command) {
    ruleCount += 1
    let call = ArgumentBinder.bind(command, Self.everySignature, &context)
    let literal = call?.string(1)
    let name = literal.flatMap { declare($0, kind: .rule) }
    if let name, let literal { context.names.rules[name] = literal.range }
    context.place = RunPlace(.connect)
    context.isInTimer = true
    let body = ruleBody(command)
    context.isInTimer = false
    guard let call, let literal, let name, let period = call.number(0) else {
      context.hasHoles = true
      return
    }
    let allowed = TimerRights.secondsRange
    guard allowed.contains(period.value) else {
      context.report(
        .argument(
          .outOfRange("seconds", value: period.value, allowed: allowed, of: "every")),
        at: period.range)
      return
    }
    guard let mode = context.file.mode else { return }
    var rule = CheckedRule(name: name, range: call.range, body: body, place: literal.range)
    rule.mode = mode
    timers.append(CheckedTimer(seconds: period.value, rule: rule))
  }
}

extension CheckContext {
  /// False, and said, for what a job of `every` cannot ask or do.
  mutating func allowInTimer(_ name: String, _ isAllowed: Bool, at range: SourceRange) -> Bool {
    guard isInTimer, !isAllowed else { return true }
    report(.phase(.notInTimer(name)), at: range)
    return false
  }
}
