// `dnsbl [:timeout n] [:on_error A] ZONES`: the client's address is listed in one of them.

import RuleBytecode

enum TestDnsbl: TestCommand {
  static let signature = Signature(
    name: "dnsbl", availability: .ours,
    tags: [TagSignature("timeout", .number), TagSignature("on_error", .string)],
    positional: [.init("zones", .strings)])

  /// Seconds; more than a mail server waits for a command makes no sense.
  private static let timeoutSeconds = 1...60

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var zones: [String] = []
    var seen: Set<String> = []
    for literal in call.strings(0) {
      guard let zone = context.constant(literal, "zones", of: "dnsbl") else { continue }
      if !Literals.isDomain(zone) {
        context.report(.literal(.domain(zone)), at: literal.range)
      } else if !seen.insert(zone.lowercasedASCII).inserted {
        context.report(.flow(.duplicateKey(zone)), at: literal.range)
      } else {
        zones.append(zone.lowercasedASCII)
      }
    }
    let answer = call.tag("on_error").flatMap { context.answer($0) }
    var timeout = CheckKind.dnsbl.defaultTimeoutMilliseconds
    if let number = call.tag("timeout")?.number {
      timeout = 1_000 * UInt32(clamping: min(number.value, timeoutSeconds.upperBound))
      if !timeoutSeconds.contains(number.value) {
        let problem = ArgumentProblem.outOfRange(
          ":timeout", value: number.value, allowed: timeoutSeconds, of: "dnsbl")
        context.report(.argument(problem), at: number.range)
      }
    }
    let failures = Failures(
      .dns, of: "dnsbl", at: call.name.range, isAnswered: call.has("on_error"))
    var check = OutsideCheck(.dnsbl)
    check.constants = zones
    check.timeoutMilliseconds = timeout
    check.answer = answer
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
