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
      guard let host = self.server(literal, &context) else { return nil }
      server = host
      check.aspect = CalloutTarget.server.rawValue
    }
    check.texts = [server, address]
    return CheckedTest(check, at: call.range, failures: failures)
  }

  /// Mail must not choose which host is called: the text is the policy's own, or a table's.
  private static func server(
    _ literal: StringLiteral, _ context: inout CheckContext
  ) -> TextValue? {
    let errors = context.diagnostics.errorCount
    let text = context.text(literal)
    guard context.diagnostics.errorCount == errors else { return nil }
    if let host = text.constant {
      guard Literals.isHostPort(host) else {
        context.report(.literal(.domain(host)), at: literal.range)
        return nil
      }
    } else if !context.names.isOfPolicy(text) {
      context.report(
        .argument(.mailChooses(":server", of: "recipient_known")), at: literal.range)
      return nil
    }
    return text
  }
}
