// Writes instructions: registers, labels, source marks. What a test or action becomes is in its
// own file; this is what they write with.
//
// Trusts the checker: names, kinds and phases fit. It can only run out of registers or indexes,
// which it notes and goes on, so that the compiler can say where.

import RuleBytecode

typealias Register = UInt8

/// A place in the code that jumps lead to; bound once, after all jumps to it.
struct Label {
  fileprivate let index: Int
}

/// How many registers of each bank are in use, counted from the bank's begin.
struct Frame: Equatable {
  var truths = 1
  var numbers = 0
  var texts = 0
  /// Places of loops in the machine; the same holds for them.
  var loops = 0

  /// Above both: a caller's registers lie above those of what it calls.
  func above(_ other: Frame) -> Frame {
    Frame(
      truths: max(truths, other.truths), numbers: max(numbers, other.numbers),
      texts: max(texts, other.texts), loops: max(loops, other.loops))
  }
}

struct BlockEmitter {
  /// The truth register in which a function returns.
  static let result: Register = 0

  /// A function as its callers need it.
  struct Function {
    let end: Frame
    /// It may return that the calling rule is to be left.
    let mayLeave: Bool
  }

  /// What `stop` uses in a plain Sieve script.
  struct PlainScript {
    let stopped: Register
    let end: Label
  }

  var pool = ConstantPool()
  private(set) var code: [Instruction] = []
  private(set) var marks: [SourceMark] = []
  private(set) var probes: [ProbeInfo] = []
  var rules: [RuleInfo] = []
  var functions: [Function] = []
  /// Where something did not fit the machine.
  private(set) var overflow: SourceRange?
  /// Where `continue` and a failed condition go.
  var leave: Label?
  var plain: PlainScript?
  /// Behind the file or included script that is being written: where `return` goes.
  var scriptEnd: Label?
  /// A definition is being written.
  var isFunction = false
  /// Whether a script was included already, by its file; for those included with `:once`.
  var onceFlags: [Int: Register] = [:]
  /// Scripts that are included with `:once` somewhere.
  var onceFiles: Set<Int> = []
  /// The script is of a test suite; what delivers mail is told to its runner.
  var isTestSuite = false
  /// Where `test_fail` goes: behind its `test`.
  var suiteEnd: Label?
  /// Conditions report their outcome (`CompilerOptions`).
  var countsBranches = false
  let places: PlaceFinder
  private let captured: Set<Int>
  /// The loops around the code, the outermost first.
  var openLoops: [OpenLoopCode] = []
  private var fixups: [[Int]] = []
  private var frame = Frame()
  private var highest = Frame()
  private var currentRange: SourceRange

  init(_ sources: SourceSet, captured: Set<Int>) {
    places = PlaceFinder(sources: sources)
    self.captured = captured
    currentRange = SourceRange(file: 0, bytes: 0..<0)
  }

  // MARK: Blocks

  /// Starts a block whose registers lie above those of the functions it calls.
  mutating func beginBlock(calling callees: Set<Int>) {
    frame = callees.reduce(Frame()) { $0.above(functions[$1].end) }
    highest = frame
    leave = nil
    openLoops = []
    fixups.removeAll(keepingCapacity: true)
  }

  /// The registers that the block used, and those below.
  var end: Frame { highest }

  // MARK: Registers

  mutating func truth() -> Register { take(\.truths, RegisterBank.truths) }
  mutating func number() -> Register { take(\.numbers, RegisterBank.numbers) }
  mutating func text() -> Register { take(\.texts, RegisterBank.texts) }
  mutating func loop() -> Register { take(\.loops, 0..<ImageFormat.loopsMax) }

  private mutating func take(
    _ bank: WritableKeyPath<Frame, Int>, _ range: Range<Int>
  ) -> Register {
    let register = range.lowerBound + frame[keyPath: bank]
    frame[keyPath: bank] += 1
    highest = highest.above(frame)
    if range.contains(register) { return Register(register) }
    noteOverflow()
    return Register(range.lowerBound)
  }

  /// Gives back the registers that `body` took.
  mutating func scratch(_ body: (inout BlockEmitter) -> Void) {
    let before = frame
    body(&self)
    frame = before
  }

  mutating func noteOverflow() { overflow = overflow ?? currentRange }

  // MARK: Code

  mutating func emit(_ opcode: Opcode, a: Register = 0, b: Int = 0, c: UInt32 = 0) {
    if b > Int(UInt16.max) { noteOverflow() }
    code.append(Instruction(opcode, a: a, b: UInt16(clamping: b), c: c))
  }

  mutating func label() -> Label {
    fixups.append([])
    return Label(index: fixups.count - 1)
  }

  mutating func jump(_ opcode: Opcode, a: Register = 0, b: Int = 0, to label: Label) {
    fixups[label.index].append(code.count)
    emit(opcode, a: a, b: b)
  }

  mutating func bind(_ label: Label) {
    for pc in fixups[label.index] { code[pc].c = UInt32(code.count) }
  }

  /// Whether anything jumps there.
  func isUsed(_ label: Label) -> Bool { !fixups[label.index].isEmpty }

  // MARK: Places

  /// The code from here on is for this piece of source.
  mutating func mark(_ range: SourceRange) {
    currentRange = range
    let mark = SourceMark(pc: UInt32(code.count), place: places.place(of: range))
    if marks.last?.pc == mark.pc { marks.removeLast() }
    marks.append(mark)
  }

  /// Shows the test's outcome in the trace.
  mutating func probe(_ register: Register, _ range: SourceRange) {
    emit(.probe, a: register, c: probeIndex(range))
  }

  /// The tests that follow are a group's, not the rule's before it.
  mutating func beginGroup(_ range: SourceRange) { emit(.group, c: probeIndex(range)) }

  private mutating func probeIndex(_ range: SourceRange) -> UInt32 {
    let text = pool.string(places.text(of: range, bytesMax: Self.probeBytesMax))
    probes.append(ProbeInfo(text: text, place: places.place(of: range)))
    return UInt32(probes.count - 1)
  }

  private static let probeBytesMax = 120

  // MARK: Texts and matches

  /// Leaves a text in a register of its own.
  mutating func text(_ value: TextValue) -> Register {
    let register = text()
    if value.pieces.count == 1 {
      load(value.pieces[0], into: register, escaped: value.escapesHTML)
    } else if value.pieces.isEmpty {
      load(.literal(""), into: register)
    } else {
      emit(.textBegin)
      for piece in value.pieces {
        load(piece, into: register, escaped: value.escapesHTML)
        emit(.textAdd, a: register)
      }
      emit(.textEnd, a: register)
    }
    return register
  }

  private mutating func load(_ piece: TextPiece, into register: Register, escaped: Bool) {
    load(piece, into: register)
    if case .literal = piece { return }
    if escaped {
      let code = UInt32(TextModifier.escapehtml.rawValue)
      emit(.textModify, a: register, b: Int(register), c: code)
    }
  }

  private mutating func load(_ piece: TextPiece, into register: Register) {
    switch piece {
    case .literal(let text): emit(.textConstant, a: register, c: pool.string(text))
    case .fact(let fact, let loop):
      emit(.textFact, a: register, b: Int(operand(ofLoop: loop)), c: UInt32(fact.rawValue))
    case .named(let family, let name):
      emit(.textNamedFact, a: register, b: Int(family.rawValue), c: pool.string(name))
    case .variable(let variable): emit(.textVariable, a: register, c: pool.variable(variable))
    case .group(let index): emit(.textGroup, a: register, c: UInt32(index))
    }
  }

  /// Builds a match's keys into neighbouring registers; call it in `scratch`, ask right after it.
  mutating func spec(_ plan: MatchPlan) -> UInt32 {
    if plan.tables.count > Int(UInt16.max) { noteOverflow() }
    let registers = plan.builtKeys.map { Int(text($0)) }
    let first = registers.first ?? 0
    let keys = overflow == nil ? first..<first + registers.count : 0..<0
    let isCaptured = plan.number.map(captured.contains) ?? false
    return pool.spec(plan, captures: isCaptured, keys: keys)
  }
}
