// A program that does nothing but the loop's own instructions, to time the loop.
internal import RuleBytecode
internal import RuleVM

extension Policy {
  /// One phase of `count` instructions that stay inside the machine's loop: truth values, numbers,
  /// comparisons and jumps in equal parts.
  public static func spin(instructions count: Int) throws(PolicyFailure) -> Policy {
    var program = Program()
    program.strings = [StringRange(offset: 0, length: 0)]
    program.numbers = [1, 2]
    program.blocks = [Block(name: 0, start: 0)]
    program.phases = [PhaseEntry(phase: .connect, block: 0)]
    let first = UInt8(RegisterBank.numbers.lowerBound)
    let (one, two) = (first, first + 1)
    while program.code.count < count - 1 {
      let next = UInt32(program.code.count + 8)
      program.code += [
        Instruction(.numberConstant, a: one, c: 0),
        Instruction(.numberConstant, a: two, c: 1),
        Instruction(.over, a: 0, b: UInt16(one), c: UInt32(two)),
        Instruction(.truthNot, a: 1, b: 0),
        Instruction(.truthAnd, a: 2, b: 0, c: 1),
        Instruction(.truthOr, a: 3, b: 2, c: 1),
        Instruction(.jumpIfTrue, a: 0, c: next),
        Instruction(.truthCopy, a: 4, b: 3),
      ]
    }
    program.code.append(Instruction(.halt))
    return try Policy(image: program.image())
  }

  /// Runs the connect phase so often in one session; returns the instructions executed, which for
  /// a program of `spin` is what its fuel says.
  public func runConnect(times: Int) -> Int {
    let session = PolicySession(
      policy: loaded, sessionID: "harness", types: TypeOracle(), now: { 0 })
    for _ in 0..<times { _ = session.connect() }
    return session.fuelUsed
  }
}
