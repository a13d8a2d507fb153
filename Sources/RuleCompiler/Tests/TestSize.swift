// `size :over|:under N` (RFC 5228 §5.9): octets of the message, lines ending in CRLF.

import RuleBytecode

enum TestSize: TestCommand {
  static let signature = Signature(
    name: "size",
    tags: [TagSignature("over", group: "side"), TagSignature("under", group: "side")],
    positional: [.init("limit", .number)], phases: Fact.messageSize.info.phases, need: .message)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let opcode = context.side(of: call), let limit = call.number(0) else { return nil }
    return CheckedTest(Code(opcode: opcode, limit: Int64(limit.value)), at: call.range)
  }

  struct Code: TestCode {
    let opcode: Opcode
    let limit: Int64

    func emit(into target: Register, _ out: inout BlockEmitter) {
      let (size, bound) = (out.number(), out.number())
      out.emit(.numberFact, a: size, c: UInt32(Fact.messageSize.rawValue))
      out.emit(.numberConstant, a: bound, c: out.pool.number(limit))
      out.emit(opcode, a: target, b: Int(size), c: UInt32(bound))
    }
  }
}

extension CheckContext {
  /// The comparison of `:over` or `:under`, one of which must be there.
  mutating func side(of call: Call) -> Opcode? {
    if call.has("over") { return .over }
    if call.has("under") { return .under }
    report(
      .argument(.missing(":over or :under", expected: .tag, of: call.name.text)),
      at: call.name.range)
    return nil
  }
}
