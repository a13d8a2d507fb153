// `exists NAMES` (RFC 5228 §5.5): a field of each name is there.

import RuleBytecode

enum TestExists: TestCommand {
  static let signature = Signature(
    name: "exists", positional: [.init("header names", .strings)], phases: .from(.headers),
    need: .header)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    context.headerNames(call, 0).map { CheckedTest(Code(names: $0), at: call.range) }
  }

  struct Code: TestCode {
    let names: [String]

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let names = out.pool.names(names)
      out.emit(.headerExists, a: target, c: names)
    }
  }
}
