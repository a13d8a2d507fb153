// `not TEST` (RFC 5228 §5.8); an error stays one.

import RuleBytecode

enum TestNot: TestCommand {
  static let signature = Signature(name: "not", tests: .one)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let inner = call.tests.first, let test = context.test(inner) else { return nil }
    swap(&context.captures.groups, &context.captures.groupsIfFalse)
    if TestPart.isAllowList(inner) { context.report(.flow(.negatedPartNames), at: call.range) }
    return CheckedTest(
      form: .not(test), at: call.range, failures: test.failures,
      constant: test.constant.map { !$0 })
  }
}
