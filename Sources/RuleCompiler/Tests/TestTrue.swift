// `true` (RFC 5228 §5.10).

import RuleBytecode

enum TestTrue: TestCommand {
  static let signature = Signature(name: "true")

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    CheckedTest(Code(value: true), at: call.range, constant: true)
  }

  struct Code: TestCode {
    let value: Bool

    func emit(into target: Register, _ out: inout BlockEmitter) {
      out.emit(.truthConstant, a: target, c: value ? 1 : 0)
    }
  }
}
