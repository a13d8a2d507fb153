// `failed TEST`: the test comes out as an error. It replaces the failure policy for that test: what
// else it says is not asked.

import RuleBytecode

enum TestFailed: TestCommand {
  static let signature = Signature(name: "failed", availability: .ours, tests: .one)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let captures = context.captures
    guard let inner = call.tests.first, let test = context.test(inner) else { return nil }
    // A test that failed has matched nothing.
    context.captures = captures
    context.captures.groupsIfFalse = captures.groups
    return CheckedTest(
      form: .failed(test), at: call.range, failures: .none, constant: test.canFail ? nil : false)
  }
}
