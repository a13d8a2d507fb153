// The verifier refuses each wrong image for the reason it has.

import Testing

@testable import RuleBytecode

struct FlawTests {
  @Test(arguments: FlawCases.all)
  func refused(_ flaw: FlawCase) {
    #expect(throws: flaw.expected) { try VerifiedProgram(image: flaw.image) }
  }

  /// `Flaw.Kind` has all cases by its exhaustive switch; each is some case's expectation.
  @Test func noKindIsMissing() {
    let reached = Set(FlawCases.all.map(\.expected.kind))
    #expect(Flaw.Kind.allCases.filter { !reached.contains($0) } == [])
  }

  @Test func eachFlawHasItsOwnSentence() {
    var sentences: [Flaw.Kind: String] = [:]
    for flaw in FlawCases.all.map(\.expected) { sentences[flaw.kind] = flaw.message }
    #expect(Set(sentences.values).count == Flaw.Kind.allCases.count)
    #expect(sentences.values.filter { $0.contains("image is damaged") } == [])
  }

  // MARK: At the limits

  @Test func callsAsDeepAsTheMachineHolds() throws {
    _ = try VerifiedProgram(image: FlawCases.chain(of: ImageFormat.callDepthMax).image())
  }

  @Test func theLargestImageIsLookedAt() {
    let image = [UInt8](repeating: 0, count: ImageFormat.bytesMax)
    #expect(throws: Flaw.notAnImage) { try VerifiedProgram(image: image) }
  }

  @Test func asMuchWorkAsAnyImageMayAskFor() throws {
    _ = try VerifiedProgram(FlawCases.overlapping(steps: ImageFormat.workFloor))
  }

  /// A larger image may ask for more: so much for each byte of its strings.
  @Test func workGrowsWithTheStrings() throws {
    var program = Program()
    program.stringBytes = Array(repeating: 97, count: 100)
    let all = StringRange(offset: 0, length: 100)
    program.strings = Array(repeating: all, count: ImageFormat.workPerByte)
    try SectionVerifier(program: program, workFloor: 0).verify()
    program.strings.append(StringRange(offset: 99, length: 1))
    #expect(throws: Flaw.tooMuchWork(steps: 401)) {
      try SectionVerifier(program: program, workFloor: 0).verify()
    }
  }

  @Test func theLastMatchVariable() throws {
    var program = SampleProgram.program
    program.change(.textGroup) { $0.c = UInt32(ImageFormat.matchGroupsMax - 1) }
    _ = try VerifiedProgram(program)
  }

  /// Each bank's first and last register.
  static let ends: [(Opcode, UInt16)] = [
    (.truthCopy, 0), (.truthCopy, 63), (.over, 64), (.over, 111), (.textModify, 112),
    (.textModify, 255),
  ]

  @Test(arguments: ends)
  func banksReachToTheirEnds(opcode: Opcode, register: UInt16) throws {
    var program = SampleProgram.program
    program.change(opcode) { $0.b = register }
    _ = try VerifiedProgram(program)
  }

  @Test func aJumpToTheNextAndToTheLastInstruction() throws {
    var program = SampleProgram.program
    let last = program.blocks[3].start - 1
    program.change(.jumpIfTrue) { $0.c = last }
    _ = try VerifiedProgram(program)
    let next = UInt32(program.pc(of: .jumpIfTrue) + 1)
    program.change(.jumpIfTrue) { $0.c = next }
    _ = try VerifiedProgram(program)
  }

  @Test func eachInstructionHasItsCost() throws {
    let verified = try VerifiedProgram(SampleProgram.program)
    for (pc, instruction) in verified.program.code.enumerated() {
      let cost =
        switch instruction.opcode {
        case .query: verified.program.queries[Int(instruction.c)].source.info.cost
        case .act: verified.program.actions[Int(instruction.c)].action.cost
        default: instruction.opcode.shape.cost
        }
      #expect(Int(verified.costs[pc]) == cost)
      #expect(verified.costs[pc] > 0)
    }
  }
}
