// `scan [:over SCORE] [:parts] NAME`: a declared scanner calls it infected or spam. In `part` it is
// given that part, in `message` and `eom` the message as received, with `:parts` every part
// besides.

import RuleBytecode

enum TestScan: TestCommand {
  static let signature = Signature(
    name: "scan", availability: .ours,
    tags: [TagSignature("over", .string), TagSignature("parts"), CheckContext.failOpenTag]
      + Signature.outsideTags,
    positional: [.init("scanner", .string)], phases: CheckKind.scan.info.phases, need: .message)

  /// Where `:parts` has a meaning: elsewhere the part at hand is what is scanned.
  private static let ofMessage = PhaseSet([.message, .eom])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.scan, call)
    if let tag = call.tag("on_error") {
      context.reportFailOpen(check.answer, tag, of: call)
    } else if let tag = call.tag(CheckContext.failOpenTag.name) {
      context.reportClosed(tag, "on_error", of: call)
    }
    let scanner = context.declared(.scanner, call.string(0), "scanner", of: "scan")
    let bound = call.tag("over")?.string.map { context.number($0) }
    guard let scanner, isPossible(call.tag("parts"), &context) else { return nil }
    check.constants = [scanner.name]
    if !call.has("timeout"), let time = context.timeoutMilliseconds(of: scanner) {
      check.timeoutMilliseconds = time
    }
    check.aspect = (call.has("parts") ? ScanQuestion.parts : .here).rawValue
    check.loop = call.has("parts") ? nil : context.partLoop
    if let bound {
      guard let bound else { return nil }
      check.texts = [bound.textValue]
    }
    // What is too big for a scanner has not been scanned.
    if !call.has("on_error") { failures.add(Failures(.limit, of: call)) }
    return CheckedTest(check, at: call.range, failures: failures)
  }

  private static func isPossible(_ tag: BoundTag?, _ context: inout CheckContext) -> Bool {
    guard let tag else { return true }
    let possible = ofMessage.phases.map(\.name)
    return context.limit(to: ofMessage, as: "scan :parts", at: tag.range) {
      .tagNotPossible("parts", of: "scan", phase: $0.name, possible: possible)
    }
  }
}

extension DecimalValue {
  /// As a text for a check's argument.
  fileprivate var textValue: TextValue {
    switch self {
    case .constant(let value): TextValue(Decimal.text(value))
    case .text(let text): text
    }
  }
}
