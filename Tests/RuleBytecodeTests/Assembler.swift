// Programs by hand: a small assembler, and a sample that has something in every section and every
// instruction at least once.

@testable import RuleBytecode

struct Assembler {
  var program = Program()

  /// The register of a bank, counted from 0.
  static func truth(_ index: Int) -> UInt8 { UInt8(RegisterBank.truths.lowerBound + index) }
  static func number(_ index: Int) -> UInt8 { UInt8(RegisterBank.numbers.lowerBound + index) }
  static func text(_ index: Int) -> UInt8 { UInt8(RegisterBank.texts.lowerBound + index) }

  private mutating func span(_ bytes: [UInt8]) -> StringRange {
    let range = StringRange(
      offset: UInt32(program.stringBytes.count), length: UInt32(bytes.count))
    program.stringBytes += bytes
    return range
  }

  mutating func string(_ text: String) -> UInt32 {
    program.strings.append(span(Array(text.utf8)))
    return UInt32(program.strings.count - 1)
  }

  mutating func set(_ kind: SetKind, _ keys: [[UInt8]]) -> UInt32 {
    let first = UInt32(program.entries.count)
    for key in keys { program.entries.append(span(key)) }
    program.sets.append(KeySet(kind: kind, first: first, count: UInt32(keys.count)))
    return UInt32(program.sets.count - 1)
  }

  mutating func set(_ kind: SetKind, _ keys: [String]) -> UInt32 {
    set(kind, keys.map { Array($0.utf8) })
  }

  mutating func spec(
    _ type: MatchType, set: UInt32? = nil, keys: Range<Int> = 0..<0, captures: Bool = false
  ) -> UInt32 {
    program.specs.append(
      MatchSpec(
        type: type, comparator: .asciiCasemap, addressPart: .all, everyCandidate: false,
        captures: captures, firstSet: set ?? 0, setCount: set == nil ? 0 : 1,
        firstKey: UInt8(keys.isEmpty ? 0 : keys.lowerBound), keyCount: UInt8(keys.count)))
    return UInt32(program.specs.count - 1)
  }

  mutating func ask(_ query: QuerySpec, into register: UInt8) {
    program.queries.append(query)
    emit(.query, a: register, c: UInt32(program.queries.count - 1))
  }

  mutating func act(_ action: ActionSpec) {
    program.actions.append(action)
    emit(.act, c: UInt32(program.actions.count - 1))
  }

  mutating func emit(_ opcode: Opcode, a: UInt8 = 0, b: UInt16 = 0, c: UInt32 = 0) {
    program.code.append(Instruction(opcode, a: a, b: b, c: c))
  }

  /// A jump to the end of the next `count` instructions.
  mutating func skip(_ opcode: Opcode, a: UInt8 = 0, b: UInt16 = 0, over count: Int) {
    emit(opcode, a: a, b: b, c: UInt32(program.code.count + 1 + count))
  }

  mutating func function(_ name: String) {
    program.blocks.append(Block(name: string(name), start: UInt32(program.code.count)))
    program.functionCount += 1
  }

  mutating func phase(_ phase: Phase) {
    program.phases.append(PhaseEntry(phase: phase, block: UInt32(program.blocks.count)))
    program.blocks.append(Block(name: string(phase.name), start: UInt32(program.code.count)))
  }

  mutating func mark(_ line: UInt32) {
    let place = SourcePlace(file: 0, line: line, column: 3)
    program.sourceMap.append(SourceMark(pc: UInt32(program.code.count), place: place))
  }
}

extension [UInt8] {
  /// The image with its digest made to fit its content again.
  var mended: [UInt8] {
    let content = Array(dropLast(ImageFormat.digestBytes))
    return content + SHA256.digest(of: content)
  }

  func u32(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
  }

  mutating func setU32(_ value: UInt32, at offset: Int) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
  }

  /// Where a section's entry in the table of an image stands: code, count, length.
  static func tableEntry(_ section: Section) -> Int { 20 + 12 * (Int(section.rawValue) - 1) }

  /// Where a section's bytes begin in an image.
  func start(of section: Section) -> Int {
    Section.allCases.prefix { $0 != section }.reduce(20 + 12 * Section.allCases.count) {
      $0 + Int(u32(at: Self.tableEntry($1) + 8))
    }
  }
}
