// `authenticated`: the client has logged in (RFC 4954).

import RuleBytecode

enum TestAuthenticated: TestCommand {
  static let signature = Signature(
    name: "authenticated", availability: .ours,
    phases: QuerySource.authenticated.info.phases, need: .sender)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    CheckedTest(Query(.authenticated), at: call.range)
  }
}
