// `sender_known [:messages n] [:days n] [:wrote] [ADDRESS]`: enough accepted messages came from
// that address, the first of them long enough ago; or, with `:wrote`, one of ours wrote to it.
// Without an address it is about the sender.

import RuleBytecode

enum TestSenderKnown: TestCommand {
  static let signature = Signature(
    name: "sender_known", availability: .ours,
    tags: [
      TagSignature("messages", .number), TagSignature("days", .number), TagSignature("wrote"),
    ] + Signature.outsideTags.filter { $0.name == "on_error" },
    positional: [.init("address", .string, optional: true)],
    phases: CheckKind.knownSender.info.phases, need: .sender)

  private static let messages = 1...1_000_000
  private static let days = 0...3_650

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.knownSender, call)
    let most = context.number("messages", of: call, in: messages, default: 1)
    let since = context.number("days", of: call, in: days, default: 0)
    check.constants = [String(most), String(since)]
    let asksHistory = call.has("messages") || call.has("days")
    let asked: KnownSenderQuestion =
      asksHistory
      ? (call.has("wrote") ? .either : .history) : (call.has("wrote") ? .wrote : .either)
    check.aspect = asked.rawValue
    if let literal = call.string(0) {
      let address = context.text(literal)
      if let constant = address.constant,
        !Literals.isAddressEntry(constant) || constant.hasPrefix("@") || constant.hasSuffix("@")
      {
        context.report(.literal(.address(constant)), at: literal.range)
      }
      check.texts = [address]
    }
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
