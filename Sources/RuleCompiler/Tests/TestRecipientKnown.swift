// `recipient_known [:server HOST] ADDRESS`: the host that mail to the address goes to takes it. Its
// 2xx is yes, its 5xx no, anything else an error of class `:callout`.

import RuleBytecode

enum TestRecipientKnown: TestCommand {
  static let signature = Signature(
    name: "recipient_known", availability: .ours,
    tags: [TagSignature("server", .string)] + Signature.outsideTags,
    positional: [.init("address", .string)], phases: CheckKind.callout.info.phases,
    need: .sender)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.callout, call)
    guard let literal = call.string(0) else { return nil }
    let address = context.text(literal)
    if let constant = address.constant,
      !Literals.isAddressEntry(constant) || constant.hasPrefix("@") || constant.hasSuffix("@")
    {
      context.report(.literal(.address(constant)), at: literal.range)
    }
    var server = TextValue("")
    if let literal = call.tag("server")?.string {
      // Mail must not choose which host is called.
      guard let host = context.constant(literal, ":server", of: "recipient_known") else {
        return nil
      }
      guard Literals.isHostPort(host) else {
        context.report(.literal(.domain(host)), at: literal.range)
        return nil
      }
      server = TextValue(host)
    }
    check.texts = [server, address]
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
