// `duplicate [:header NAME|:uniqueid ID] [:handle H] [:seconds n] [:last]` (RFC 7352): this value,
// by itself the Message-ID, was seen before. It is noted when the message is taken.

import RuleBytecode

enum TestDuplicate: TestCommand {
  static let signature = Signature(
    name: "duplicate", availability: .capability("duplicate"),
    tags: [
      TagSignature("header", .string, group: "value"),
      TagSignature("uniqueid", .string, group: "value"), TagSignature("handle", .string),
      TagSignature("seconds", .number), TagSignature("last"), TagSignature("on_error", .string),
    ],
    phases: CheckKind.duplicate.info.phases, need: .header)

  /// RFC 7352 §3.3 leaves the default to the site: a week.
  private static let secondsDefault = 604_800
  private static let seconds = 1...31_622_400

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var check = OutsideCheck(.duplicate)
    var isSound = true
    func constant(_ tag: String, _ context: inout CheckContext) -> String {
      guard let literal = call.tag(tag)?.string else { return "" }
      let text = context.constant(literal, ":" + tag, of: "duplicate")
      if text == nil { isSound = false }
      return text ?? ""
    }
    check.constants = [
      constant("handle", &context), String(period(call, &context)), call.has("last") ? "last" : "",
    ]
    if let literal = call.tag("uniqueid")?.string {
      check.texts = [context.text(literal)]
    } else {
      check.aspect = DuplicateSubject.header.rawValue
      check.texts = [TextValue(header(call, &context) ?? "Message-ID")]
    }
    check.answer = call.tag("on_error").flatMap { context.answer($0) }
    guard isSound else { return nil }
    let failures = Failures(
      .store, of: "duplicate", at: call.name.range, isAnswered: call.has("on_error"))
    return CheckedTest(check, at: call.range, failures: failures)
  }

  private static func header(_ call: Call, _ context: inout CheckContext) -> String? {
    guard let literal = call.tag("header")?.string,
      let name = context.constant(literal, ":header", of: "duplicate")
    else { return nil }
    if !Literals.isHeaderName(name) {
      context.report(.literal(.headerName(name)), at: literal.range)
    }
    return name
  }

  private static func period(_ call: Call, _ context: inout CheckContext) -> Int {
    guard let number = call.tag("seconds")?.number else { return secondsDefault }
    if !seconds.contains(number.value) {
      let problem = ArgumentProblem.outOfRange(
        ":seconds", value: number.value, allowed: seconds, of: "duplicate")
      context.report(.argument(problem), at: number.range)
    }
    return number.value
  }
}
