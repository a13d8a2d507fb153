// `false` (RFC 5228 §5.6).

import RuleBytecode

enum TestFalse: TestCommand {
  static let signature = Signature(name: "false")

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    CheckedTest(TestTrue.Code(value: false), at: call.range, constant: false)
  }
}
