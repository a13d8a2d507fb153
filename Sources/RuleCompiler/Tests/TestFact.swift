// `fact NAME`: whether the fact is known, as against empty.

import RuleBytecode

enum TestFact: TestCommand {
  static let signature = Signature(
    name: "fact", availability: .ours, positional: [.init("name", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let literal = call.string(0), let name = context.constant(literal, "name", of: "fact"),
      let fact = context.fact(name, at: literal.range)
    else { return nil }
    var code = Code(fact: fact)
    if case .fact(let fact) = fact { code.loop = context.loop(of: fact) }
    return CheckedTest(code, at: call.range)
  }

  struct Code: TestCode {
    let fact: FactReference
    var loop: Int?

    func emit(into target: Register, _ out: inout BlockEmitter) {
      switch fact {
      case .fact(let fact):
        out.emit(
          .factPresent, a: target, b: Int(out.operand(ofLoop: loop)), c: UInt32(fact.rawValue))
      case .named(let family, let name):
        let name = out.pool.string(name)
        out.emit(.namedFactPresent, a: target, b: Int(family.rawValue), c: name)
      }
    }
  }
}
