// How long the text in each register can be at each instruction. One pass in the order of the code:
// jumps go forward, so where two paths meet both have been seen, and the longer text counts.
// Loops and calls write registers out of that order; what they may write is taken for the longest.

/// The longest that a text can be.
struct TextBound: Equatable {
  /// Bytes each time.
  var each = 0
  /// Bytes of all parts together, where the text tells something of this part.
  var ofParts = 0
  /// Bytes each time, where a variable holds what some part brought.
  var kept = Int.max

  /// Bytes each time, whatever they tell of.
  var most: Int { ofParts == 0 ? each : kept }

  static func joined(_ left: TextBound, _ right: TextBound) -> TextBound {
    TextBound(
      each: max(left.each, right.each), ofParts: max(left.ofParts, right.ofParts),
      kept: max(left.most, right.most))
  }

  func plus(_ other: TextBound) -> TextBound {
    TextBound(
      each: Int.cost(each, plus: other.each), ofParts: Int.cost(ofParts, plus: other.ofParts),
      kept: Int.cost(most, plus: other.most))
  }

  /// Bytes in all runs together.
  func bytes(in occasion: Occasion) -> Int {
    let times = occasion.isPerPart ? 1 : occasion.times
    let all = Int.cost(
      Int.cost(each, times: occasion.times), plus: Int.cost(ofParts, times: times))
    return min(all, Int.cost(most, times: occasion.times))
  }
}

/// The registers' bounds while one block is gone through.
struct TextBounds {
  private let program: Program
  private let caps: InputCaps
  private var now: [TextBound]
  /// The text that is being built.
  private var building = TextBound()
  var built: TextBound { building }
  /// What holds at an instruction that jumps lead to, by its index.
  private var arriving: [Int: [TextBound]] = [:]

  /// How long each variable can be.
  private let variables: [TextBound]
  /// How long what `${1}` holds can be.
  private var taken: Int
  private let takers: MatchTakers

  private static let first = RegisterBank.texts.lowerBound

  init(
    _ program: Program, _ caps: InputCaps, variables: [TextBound], takers: MatchTakers, block: Int
  ) {
    self.program = program
    self.caps = caps
    self.variables = variables
    self.takers = takers
    // A run begins without match variables; a definition has those of its caller.
    taken = takers.entries.contains(block) ? 0 : caps.headerBytes
    now = Array(repeating: TextBound(), count: RegisterBank.texts.count)
  }

  /// How long each variable can be: the longest text that is stored there. At first every variable
  /// that is read counts as long as variables can be; with what that shows, once more.
  static func variables(of program: Program, _ caps: InputCaps) -> [TextBound] {
    var known = Array(
      repeating: TextBound(each: caps.variableBytes), count: program.variables.count)
    let takers = MatchTakers(program, caps)
    for _ in 0..<2 {
      var found = Array(repeating: TextBound(), count: known.count)
      for (index, block) in program.blocks.enumerated() {
        let next = index + 1
        let end =
          next < program.blocks.count ? Int(program.blocks[next].start) : program.code.count
        var bounds = TextBounds(
          program, caps, variables: known, takers: takers, block: index)
        for pc in Int(block.start)..<end {
          let instruction = program.code[pc]
          bounds.arrive(at: pc)
          if instruction.opcode == .textStore {
            let place = Int(instruction.c)
            found[place] = TextBound.joined(found[place], bounds[Int(instruction.a)])
          }
          bounds.pass(instruction, at: pc, end: end)
        }
      }
      // What answers and checks store there is a fact.
      known = found.map {
        TextBound(
          each: min(max($0.each, caps.nameBytes), caps.variableBytes), ofParts: $0.ofParts,
          kept: caps.variableBytes)
      }
    }
    return known
  }

  subscript(register: Int) -> TextBound {
    RegisterBank.texts.contains(register) ? now[register - Self.first] : TextBound()
  }

  /// The longest text that a modifier makes, which is cut as variables are.
  func modified(from register: some BinaryInteger) -> TextBound {
    let text = self[Int(register)]
    let each = Int.cost(
      Int.cost(text.each, times: Self.modifierGrowth), plus: Self.lengthDigitsMax)
    return TextBound(
      each: min(each, caps.variableBytes),
      ofParts: Int.cost(text.ofParts, times: Self.modifierGrowth), kept: caps.variableBytes)
  }

  /// `:escapehtml` makes six bytes of a quotation mark; no other modifier makes more of a byte.
  private static let modifierGrowth = 6
  /// What `:length` makes of the shortest text.
  private static let lengthDigitsMax = 20

  func sum(_ first: UInt8, _ count: UInt8) -> TextBound {
    (Int(first)..<Int(first) + Int(count)).reduce(TextBound()) { $0.plus(self[$1]) }
  }

  /// The paths that lead to an instruction meet.
  mutating func arrive(at pc: Int) {
    guard let other = arriving.removeValue(forKey: pc) else { return }
    for index in now.indices { now[index] = TextBound.joined(now[index], other[index]) }
  }

  /// What holds behind an instruction, and where it jumps.
  mutating func pass(_ instruction: Instruction, at pc: Int, end: Int) {
    switch instruction.opcode {
    case .textBegin: building = TextBound()
    case .textAdd: building = building.plus(self[Int(instruction.a)])
    case .textEnd: set(instruction.a, building)
    case .jump, .jumpIfTrue, .jumpIfFalse, .settle: jump(to: Int(instruction.c))
    case .loopBegin:
      jump(to: Int(instruction.c))
      forget(pc + 1..<min(Int(instruction.c), end))
      // What is taken in one turn is there in the next one.
      for inner in pc + 1..<min(Int(instruction.c), end) {
        take(program.code[inner], isBeforeLoop: true)
      }
    case .query, .check, .act: take(instruction, isBeforeLoop: false)
    case .rule, .group: taken = 0
    case .call:
      taken = max(taken, takers.longest[Int(instruction.c)])
      let next = Int(instruction.c) + 1
      forget(Int(program.blocks[Int(instruction.c)].start)..<Int(program.blocks[next].start))
    default: if let bound = bound(of: instruction) { set(instruction.a, bound) }
    }
  }

  private mutating func jump(to pc: Int) {
    guard let other = arriving[pc] else {
      arriving[pc] = now
      return
    }
    arriving[pc] = zip(now, other).map { TextBound.joined($0, $1) }
  }

  /// What the code of a range writes may be anything.
  private mutating func forget(_ range: Range<Int>) {
    for pc in range where program.code[pc].opcode.shape.a == .textOut {
      set(program.code[pc].a, TextBound(each: caps.runTextBytes))
    }
  }

  /// A match that is true takes pieces of the value that it looked at.
  private mutating func take(_ instruction: Instruction, isBeforeLoop: Bool) {
    if isBeforeLoop, instruction.opcode == .call {
      taken = max(taken, takers.longest[Int(instruction.c)])
    }
    var longest = program.longestTaken(by: instruction, caps)
    if longest > 0, !isBeforeLoop, instruction.opcode == .query {
      let query = program.queries[Int(instruction.c)]
      let bound = sum(query.firstText, query.textCount)
      if query.source == .text, bound.ofParts == 0 { longest = min(longest, bound.each) }
    }
    taken = max(taken, longest)
  }

  private mutating func set(_ register: UInt8, _ bound: TextBound) {
    now[Int(register) - Self.first] = TextBound(
      each: min(bound.each, caps.runTextBytes), ofParts: bound.ofParts, kept: bound.kept)
  }

  /// The length of what an instruction writes; nil when it writes no text.
  private func bound(of instruction: Instruction) -> TextBound? {
    switch instruction.opcode {
    case .textConstant: TextBound(each: Int(program.strings[Int(instruction.c)].length))
    case .textFact: bound(of: Fact(rawValue: UInt8(truncatingIfNeeded: instruction.c)))
    case .textNamedFact: bound(ofFamily: instruction)
    case .textVariable: variables[Int(instruction.c)]
    case .textGroup: TextBound(each: taken)
    case .textModify: modified(from: instruction.b)
    case .numberText: TextBound(each: 32)
    case .textPart: extracted(by: instruction)
    default: nil
    }
  }

  /// A character takes four bytes at most, and variables hold no more.
  func extracted(by instruction: Instruction) -> TextBound {
    let characters = Int(clamping: max(0, program.numbers[Int(instruction.c)]))
    return TextBound(each: min(Int.cost(characters, times: 4), caps.variableBytes))
  }

  /// What scanners say may be longer than what the mail server does.
  func bound(ofFamily instruction: Instruction) -> TextBound {
    guard instruction.b == UInt16(FactFamily.scan.rawValue) else {
      return TextBound(each: caps.factBytes)
    }
    let field = program.string(instruction.c).split(separator: ".").last.map(String.init) ?? ""
    let isLong = FactFamily.longScanFields.contains(field)
    return TextBound(each: isLong ? caps.answerTextBytes : caps.nameBytes)
  }

  func bound(of fact: Fact?) -> TextBound {
    switch fact {
    case .dnsblText, .calloutText: TextBound(each: caps.answerTextBytes)
    case .subject, .fromAddress, .fromDomain, .fromOrgDomain, .fromDisplay, .messageID:
      TextBound(each: caps.headerBytes)
    case .partPath: TextBound(each: 256)
    case .partName, .partExtension, .partCharset, .partEncoding, .partDisposition, .partDeclared:
      TextBound(ofParts: Int.cost(caps.allHeaderBytes, times: SharedWork.textGrowth))
    case .score, .now, .rcptCount, .messageSize, .messageParts, .messageDepth, .partSize,
      .partDepth, .partSHA256, .partReading, .partKind, .fromCount:
      TextBound(each: 128)
    case .some(let fact): TextBound(each: fact.isLong ? caps.factBytes : caps.nameBytes)
    case nil: TextBound()
    }
  }
}
