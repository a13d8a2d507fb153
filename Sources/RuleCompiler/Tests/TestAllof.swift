// `allof (TEST, …)` (RFC 5228 §5.2): false as soon as one is false, an error when one is and none
// is false.

import RuleBytecode

enum TestAllof: TestCommand {
  static let signature = Signature(name: "allof", tests: .list)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var groupsIfFalse: Int?
    let tests = context.tests(of: call) { captures in
      groupsIfFalse = CaptureScope.larger(groupsIfFalse, captures.groupsIfFalse)
    }
    context.captures.groupsIfFalse = groupsIfFalse
    guard let tests else { return nil }
    return joined(tests, deciding: false, at: call.range, .all(tests))
  }

  /// One test of several; a constant one decides or drops out.
  static func joined(
    _ tests: [CheckedTest], deciding: Bool, at range: SourceRange, _ form: CheckedTest.Form
  ) -> CheckedTest {
    var failures = Failures.none
    for test in tests { failures.add(test.failures) }
    var constant: Bool?
    if tests.contains(where: { $0.constant == deciding }) {
      constant = deciding
    } else if tests.allSatisfy({ $0.constant == !deciding }) {
      constant = !deciding
    }
    return CheckedTest(form: form, at: range, failures: failures, constant: constant)
  }
}
