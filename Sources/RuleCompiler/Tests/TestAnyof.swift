// `anyof (TEST, …)` (RFC 5228 §5.3): true as soon as one is true, an error when one is and none is
// true.

import RuleBytecode

enum TestAnyof: TestCommand {
  static let signature = Signature(name: "anyof", tests: .list)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var groups: Int?
    let tests = context.tests(of: call) { captures in
      groups = CaptureScope.larger(groups, captures.groups)
      captures.groups = captures.groupsIfFalse
    }
    context.captures.groupsIfFalse = context.captures.groups
    context.captures.groups = groups
    guard let tests else { return nil }
    return TestAllof.joined(tests, deciding: true, at: call.range, .any(tests))
  }
}
