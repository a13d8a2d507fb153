// `mta_timeouts :command SECONDS :end SECONDS;`: how long the mail server waits for an answer to a
// command, and to the end of a message; for the warning about sums of time-outs.

import RuleBytecode

enum DeclareMtaTimeouts: DeclarationCommand {
  static let signature = Signature(
    name: "mta_timeouts", availability: .ours,
    tags: [TagSignature("command", .number), TagSignature("end", .number)])
  static let role = DeclarationRole.mtaTimeouts

  static let seconds = 1...3_600

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard !call.tags.isEmpty else {
      context.report(
        .argument(.missing(":command or :end", expected: .tag, of: "mta_timeouts")),
        at: call.name.range)
      return nil
    }
    var values: [DeclaredValue] = []
    for tag in call.tags {
      guard let number = context.number(call, tag.name, in: seconds) else { return nil }
      values.append(DeclaredValue(tag.name, String(number)))
    }
    return values
  }
}
