// The trace as lines that a person reads who has never seen a virtual machine: phases, rules,
// tests with the values they looked at, what was done, and why it stopped.
internal import RuleBytecode

package enum TraceText {
  package static func lines(_ events: [TraceEvent]) -> [String] { events.map(line) }

  package static func line(_ event: TraceEvent) -> String {
    switch event {
    case .run(let phase, let subject):
      "phase \(phase.name)" + (subject.map { " of \(printable($0))" } ?? "")
    case .rule(let name, let location): "  rule \"\(printable(name))\" at \(location)"
    case .group(let test, let location): "  group \(printable(test)) at \(location)"
    case .test(let text, let location, let values, let outcome):
      "    \(word(outcome))  \(printable(text))" + shown(values) + "  (\(location))"
    case .action(let text): "    then  \(printable(text))"
    case .observed(let text): "    would \(printable(text))"
    case .turn(let address): "    turn of \(printable(address))"
    case .failure(let failure, let answer, let reason):
      "    a check failed (:\(failure.name)\(reasoned(reason))); "
        + "the failure policy says \(answer.name)"
    case .waiting(let what): "    waiting for \(printable(what))"
    case .early(let what): "    begun early: \(printable(what))"
    case .ended(.noMoreRules): "  ended: no rule of this phase gave a verdict"
    case .ended(.stopped): "  ended: stop"
    case .ended(.verdict(let verdict)): "  ended: \(verdict)"
    case .ended(.trap(let trap)): "  ended: given up, \(trap.message)"
    }
  }

  private static func reasoned(_ reason: String) -> String {
    reason.isEmpty ? "" : ", \(printable(reason))"
  }

  private static func word(_ outcome: TraceEvent.Outcome) -> String {
    switch outcome {
    case .yes: "yes  "
    case .no: "no   "
    case .failed(let failure): "error (:\(failure.name))"
    }
  }

  private static func shown(_ values: [String]) -> String {
    guard !values.isEmpty else { return "" }
    return "  with " + values.map { "\"\(printable($0))\"" }.joined(separator: ", ")
  }

  /// Mail-controlled text for a log or a terminal: controls and bidirectional marks are shown as
  /// numbers, so that no line can be forged and no terminal driven.
  package static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafeToShow) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafeToShow(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a scalar could act on a terminal, hide, or turn what stands beside it.
  package static func isUnsafeToShow(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }
}
