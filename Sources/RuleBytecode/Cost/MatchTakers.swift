// How long the pieces are that matches leave in `${1}`: no longer than the values that they look
// at. What is looked at in an envelope is short, in the header it may be all of that.

/// Which code fills the match variables, of the whole program.
struct MatchTakers {
  /// The blocks that runs begin with.
  let entries: Set<Int>
  /// By block: the longest that its code, and what that calls, leaves there; 0 for nothing.
  let longest: [Int]

  init(_ program: Program, _ caps: InputCaps) {
    entries = Set(program.phases.map { Int($0.block) } + program.timers.map { Int($0.block) })
    var longest: [Int] = []
    for index in program.blocks.indices {
      let next = index + 1
      let end = next < program.blocks.count ? Int(program.blocks[next].start) : program.code.count
      var most = 0
      for instruction in program.code[Int(program.blocks[index].start)..<end] {
        // A block calls only those before it.
        let called = instruction.opcode == .call ? longest[Int(instruction.c)] : 0
        most = max(most, called, program.longestTaken(by: instruction, caps))
      }
      longest.append(most)
    }
    self.longest = longest
  }
}

extension Program {
  /// What one instruction can leave in a match variable, whatever the texts are; 0 for nothing.
  func longestTaken(by instruction: Instruction, _ caps: InputCaps) -> Int {
    let spec: UInt32
    var longest = caps.headerBytes
    switch instruction.opcode {
    case .query:
      let query = queries[Int(instruction.c)]
      spec = query.spec
      if query.source == .envelope || query.source == .recipient {
        longest = query.longestOfEnvelope(caps)
      }
    case .check: spec = checks[Int(instruction.c)].spec
    case .act: spec = actions[Int(instruction.c)].spec
    default: return 0
    }
    return spec > 0 && specs[Int(spec) - 1].captures ? longest : 0
  }
}
