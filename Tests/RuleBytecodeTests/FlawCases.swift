// Each way an image can be wrong, made by changing the sample: its program, or its image's bytes.

import Testing

@testable import RuleBytecode

struct FlawCase: Sendable, CustomTestStringConvertible {
  enum Change: Sendable {
    case program(@Sendable (inout Program) -> Void)
    /// The digest is mended afterwards.
    case bytes(@Sendable (inout [UInt8]) -> Void)
    /// Nothing is mended.
    case raw(@Sendable (inout [UInt8]) -> Void)
  }

  let name: String
  let expected: Flaw
  let change: Change

  init(_ name: String, _ expected: Flaw, _ change: Change) {
    self.name = name
    self.expected = expected
    self.change = change
  }

  var testDescription: String { "\(expected.kind): \(name)" }

  var image: [UInt8] {
    switch change {
    case .program(let change):
      var program = SampleProgram.program
      change(&program)
      return program.image()
    case .bytes(let change):
      var bytes = SampleProgram.program.image()
      change(&bytes)
      return bytes.mended
    case .raw(let change):
      var bytes = SampleProgram.program.image()
      change(&bytes)
      return bytes
    }
  }
}

extension Program {
  /// Where an opcode stands first.
  func pc(of opcode: Opcode) -> Int { code.firstIndex { $0.opcode == opcode } ?? -1 }

  mutating func change(_ opcode: Opcode, _ change: (inout Instruction) -> Void) {
    change(&code[pc(of: opcode)])
  }

  /// The first set of a kind.
  func set(_ kind: SetKind) -> Int { sets.firstIndex { $0.kind == kind } ?? -1 }
}

enum FlawCases {
  static let sample = SampleProgram.program
  static let all = envelope + sections + references + blocks + code

  private static let size = SampleProgram.program.image().count

  private static func entry(_ section: Section) -> Int { [UInt8].tableEntry(section) }

  static let envelope: [FlawCase] = [
    FlawCase(
      "one byte past the largest", .tooLarge(byteCount: ImageFormat.bytesMax + 1),
      .raw { $0 = Array(repeating: 0, count: ImageFormat.bytesMax + 1) }),
    FlawCase("51 bytes", .tooShort(byteCount: 51), .raw { $0 = Array($0.prefix(51)) }),
    FlawCase("another magic", .notAnImage, .bytes { $0[0] ^= 1 }),
    FlawCase("the next version", .unknownVersion(4), .bytes { $0[8] = 4 }),
    FlawCase(
      "a length too large", .wrongLength(declared: size + 1, actual: size),
      .bytes { $0.setU32(UInt32($0.count + 1), at: 12) }),
    FlawCase("a digest not mended", .wrongDigest, .raw { $0[$0.count - 40] ^= 1 }),
    FlawCase(
      "a digest changed", .wrongDigest, .raw { $0[$0.count - 1] ^= 1 }),
    FlawCase("section 99", .unknownSection(99), .bytes { $0.setU32(99, at: entry(.numbers)) }),
    FlawCase(
      "sections swapped", .sectionOutOfOrder(.strings),
      .bytes {
        $0.setU32(Section.strings.rawValue, at: entry(.stringBytes))
        $0.setU32(Section.stringBytes.rawValue, at: entry(.strings))
      }),
    FlawCase(
      "one section too many", .sectionOutOfOrder(.code),
      .bytes {
        let row = Array($0[entry(.code)..<entry(.code) + 12])
        $0.insert(contentsOf: row, at: entry(.code) + 12)
        $0.setU32(UInt32(Section.allCases.count + 1), at: 16)
        $0.setU32(UInt32($0.count), at: 12)
      }),
    FlawCase(
      "one section too few", .missingSection(.code),
      .bytes { $0.setU32(UInt32(Section.allCases.count - 1), at: 16) }),
    FlawCase(
      "more sections than bytes", .tooShort(byteCount: 60),
      .bytes {
        $0 = Array($0.prefix(60))
        $0.setU32(60, at: 12)
      }),
    FlawCase(
      "one record too many", .sectionLength(.numbers),
      .bytes { $0.setU32(3, at: entry(.numbers) + 4) }),
    FlawCase(
      "a section past the end", .sectionLength(.code),
      .bytes { $0.setU32(UInt32($0.count), at: entry(.code) + 8) }),
    FlawCase(
      "two function counts", .sectionLength(.functionCount),
      .bytes {
        let end = $0.start(of: .functionCount) + 4
        $0.insert(contentsOf: [0, 0, 0, 0], at: end)
        $0.setU32(2, at: entry(.functionCount) + 4)
        $0.setU32(8, at: entry(.functionCount) + 8)
        $0.setU32(UInt32($0.count), at: 12)
      }),
    FlawCase(
      "a short source digest", .sectionLength(.sourceDigest),
      .program { $0.sourceDigest.removeLast() }),
    FlawCase(
      "a byte behind the sections", .trailingBytes(1),
      .bytes {
        $0.insert(0, at: $0.count - 32)
        $0.setU32(UInt32($0.count), at: 12)
      }),
  ]

  static let sections: [FlawCase] = [
    FlawCase(
      "a set kind", .unknownValue(.sets, index: 0),
      .bytes { $0[$0.start(of: .sets)] = UInt8(SetKind.allCases.count) }),
    FlawCase(
      "a bit that is 2", .unknownValue(.specs, index: 0),
      .bytes { $0[$0.start(of: .specs) + 4] = 2 }),
    FlawCase(
      "a failure answer", .unknownValue(.policies, index: 1),
      .bytes { $0[$0.start(of: .policies) + 8] = UInt8(FailureAnswer.allCases.count) }),
    FlawCase(
      "a phase", .unknownValue(.phases, index: 0), .bytes { $0[$0.start(of: .phases)] = 9 }),
    FlawCase(
      "a string past the bytes", .stringOutOfBounds(index: 0),
      .program { $0.strings[0].offset = UInt32($0.stringBytes.count) }),
    FlawCase(
      "an entry past the bytes", .stringOutOfBounds(index: sample.strings.count),
      .program { $0.entries[0].length = .max }),
    FlawCase(
      "sets that overlap", .tooMuchWork(steps: ImageFormat.workFloor + 1),
      .program { $0 = overlapping(steps: ImageFormat.workFloor + 1) }),
    FlawCase(
      "half a character", .notUTF8(.strings, index: 0),
      .program { $0.stringBytes[Int($0.strings[0].offset)] = 0xC3 }),
    FlawCase(
      "a set past the entries", .indexOutOfRange(.sets, index: 0),
      .program { $0.sets[0].first = UInt32($0.entries.count) }),
    FlawCase(
      "a set turned round", .setNotSorted(index: sample.set(.folded)),
      .program {
        let first = Int($0.sets[$0.set(.folded)].first)
        $0.entries.swapAt(first, first + 1)
      }),
    FlawCase(
      "a key twice", .setNotSorted(index: sample.set(.folded)),
      .program {
        let first = Int($0.sets[$0.set(.folded)].first)
        $0.entries[first + 1] = $0.entries[first]
      }),
    FlawCase(
      "ranges that overlap", .setNotSorted(index: sample.set(.addresses)),
      .program {
        let set = $0.set(.addresses)
        $0.entries.append($0.entries[Int($0.sets[set].first)])
        $0.sets[set].first = UInt32($0.entries.count - 2)
        $0.entries[$0.entries.count - 2] = $0.entries[$0.entries.count - 1]
        $0.sets[set].count = 2
      }),
    FlawCase(
      "a key in upper case", .malformedEntry(set: sample.set(.folded)),
      .program {
        let entry = $0.entries[Int($0.sets[$0.set(.folded)].first)]
        $0.stringBytes[Int(entry.offset)] = UInt8(ascii: "F")
      }),
    FlawCase(
      "half an address", .malformedEntry(set: sample.set(.addresses)),
      .program { $0.entries[Int($0.sets[$0.set(.addresses)].first)].length = 31 }),
    FlawCase(
      "a pattern without its facts", .malformedEntry(set: sample.set(.patterns)),
      .program { $0.sets[$0.set(.patterns)].count = 3 }),
    FlawCase(
      "a pattern's facts misspelt", .malformedEntry(set: sample.set(.patterns)),
      .program { $0.entries[Int($0.sets[$0.set(.patterns)].first) + 3].length = 1 + 9 }),
    FlawCase(
      "a range turned round", .malformedEntry(set: sample.set(.addresses)),
      .program {
        let entry = $0.entries[Int($0.sets[$0.set(.addresses)].first)]
        $0.stringBytes[Int(entry.offset)] = 0xFF
      }),
    FlawCase(
      "a match past the sets", .indexOutOfRange(.specs, index: 0),
      .program { $0.specs[0].firstSet = UInt32($0.sets.count) }),
    FlawCase(
      "keys in number registers", .keysOutsideBank(spec: 3),
      .program { $0.specs[3].firstKey = UInt8(RegisterBank.texts.lowerBound - 1) }),
    FlawCase(
      "keys past the registers", .keysOutsideBank(spec: 3),
      .program { $0.specs[3].firstKey = 255 }),
    FlawCase("no keys", .keysMissing(spec: 0), .program { $0.specs[0].setCount = 0 }),
    FlawCase(
      "keys of the wrong kind", .keysMissing(spec: 2), .program { $0.specs[2].type = .is }),
    FlawCase(
      "a list with built keys", .keysMissing(spec: 0),
      .program {
        $0.specs[0].firstKey = UInt8(RegisterBank.texts.lowerBound)
        $0.specs[0].keyCount = 1
      }),
  ]

  static let references: [FlawCase] = [
    FlawCase(
      "name", .indexOutOfRange(.variables, index: 1),
      .program { $0.variables[1].name = UInt32($0.strings.count) }),
    FlawCase(
      "code", .indexOutOfRange(.replies, index: 0),
      .program { $0.replies[0].code = UInt32($0.strings.count) }),
    FlawCase(
      "enhanced code", .indexOutOfRange(.replies, index: 2),
      .program { $0.replies[2].enhanced = UInt32($0.strings.count) }),
    FlawCase(
      "a query's names", .indexOutOfRange(.queries, index: 0),
      .program { $0.queries[0].names = UInt32($0.set(.ordered) + 1) }),
    FlawCase(
      "a query's match", .indexOutOfRange(.queries, index: 0),
      .program { $0.queries[0].spec = UInt32($0.specs.count + 1) }),
    FlawCase(
      "a query's word", .indexOutOfRange(.queries, index: 0),
      .program { $0.queries[0].word = UInt32($0.strings.count + 1) }),
    FlawCase(
      "a query's detail", .unknownValue(.queries, index: 0),
      .program { $0.queries[0].detail = UInt8(IPSide.allCases.count) }),
    FlawCase(
      "a query's flag", .unknownValue(.queries, index: 0),
      .program { $0.queries[0].flags = QueryFlags(rawValue: 1 << 15) }),
    FlawCase(
      "a query's loop", .unknownValue(.queries, index: 0),
      .program { $0.queries[0].loop = UInt8(ImageFormat.loopsMax + 1) }),
    FlawCase(
      "a query's texts", .textsOutsideBank(.queries, index: 0),
      .program {
        $0.queries[0].firstText = 255
        $0.queries[0].textCount = 2
      }),
    FlawCase(
      "match of a delete", .indexOutOfRange(.actions, index: 1),
      .program { $0.actions[1].spec = UInt32($0.specs.count + 1) }),
    FlawCase(
      "an action's failure policy", .indexOutOfRange(.actions, index: 1),
      .program { $0.actions[1].policy = UInt16($0.policies.count + 1) }),
    FlawCase(
      "an action with a text too few", .unknownValue(.actions, index: 0),
      .program { $0.actions[0].textCount = 1 }),
    FlawCase(
      "an action with a parameter too many", .unknownValue(.actions, index: 0),
      .program {
        $0.actions[0].present = 7
        $0.actions[0].textCount = 3
      }),
    FlawCase(
      "an action's texts", .textsOutsideBank(.actions, index: 0),
      .program { $0.actions[0].firstText = UInt8(RegisterBank.texts.lowerBound - 1) }),
    FlawCase(
      "a check's variable", .indexOutOfRange(.checks, index: 0),
      .program { $0.checks[0].variable = UInt32($0.variables.count + 1) }),
    FlawCase(
      "a table's keys", .indexOutOfRange(.tables, index: 0),
      .program { $0.tables[0].keys = 0 }),
    FlawCase(
      "keys of a table elsewhere", .indexOutOfRange(.tables, index: 1),
      .program { $0.tables[1].keys = 1 }),
    FlawCase(
      "a map with a value too few", .malformedEntry(set: Int(sample.tables[0].values) - 1),
      .program { $0.sets[Int($0.tables[0].values) - 1].count = 1 }),
    FlawCase(
      "a set of a table past the tables", .indexOutOfRange(.sets, index: sample.set(.table)),
      .program { $0.sets[$0.set(.table)].first = UInt32($0.tables.count) }),
    FlawCase(
      "a declaration's odd words", .indexOutOfRange(.declarations, index: 0),
      .program { $0.sets[Int($0.declarations[0].arguments)].count = 1 }),
    FlawCase(
      "a timer without a pause", .indexOutOfRange(.timers, index: 0),
      .program { $0.timers[0].seconds = 0 }),
    FlawCase(
      "a rule's severity", .indexOutOfRange(.rules, index: 0),
      .program { $0.rules[0].severity = UInt32($0.strings.count) }),
    FlawCase(
      "zones", .indexOutOfRange(.checks, index: 0),
      .program { $0.checks[0].arguments = UInt32($0.sets.count) }),
    FlawCase(
      "file name", .indexOutOfRange(.files, index: 0),
      .program { $0.files[0] = UInt32($0.strings.count) }),
    FlawCase(
      "rule name", .indexOutOfRange(.rules, index: 0),
      .program { $0.rules[0].name = UInt32($0.strings.count) }),
    FlawCase(
      "rule file", .indexOutOfRange(.rules, index: 0), .program { $0.rules[0].place.file = 1 }),
    FlawCase(
      "probe text", .indexOutOfRange(.probes, index: 0),
      .program { $0.probes[0].text = UInt32($0.strings.count) }),
    FlawCase(
      "file of a mark", .indexOutOfRange(.sourceMap, index: 2),
      .program { $0.sourceMap[2].place.file = 1 }),
    FlawCase(
      "block name", .indexOutOfRange(.blocks, index: 0),
      .program { $0.blocks[0].name = UInt32($0.strings.count) }),
    FlawCase(
      "block of a phase", .indexOutOfRange(.phases, index: 0),
      .program { $0.phases[0].block = UInt32($0.blocks.count) }),
  ]

  static let blocks: [FlawCase] = [
    FlawCase(
      "marks swapped", .placesNotAscending(index: 1), .program { $0.sourceMap.swapAt(0, 1) }),
    FlawCase(
      "a first block that begins late", .blockOrder(index: 0), .program { $0.blocks[0].start = 1 }),
    FlawCase(
      "an empty block", .blockOrder(index: 2),
      .program { $0.blocks[2].start = $0.blocks[1].start }),
    FlawCase(
      "a block past the code", .blockOrder(index: sample.blocks.count - 1),
      .program { $0.blocks[$0.blocks.count - 1].start = UInt32($0.code.count) }),
    FlawCase(
      "code without blocks", .blockOrder(index: 0),
      .program {
        $0.blocks = []
        $0.phases = []
        $0.timers = []
        $0.functionCount = 0
      }),
    FlawCase(
      "more functions than blocks", .functionCount(UInt32(sample.blocks.count + 1)),
      .program { $0.functionCount = UInt32($0.blocks.count + 1) }),
    FlawCase(
      "a phase twice", .duplicatePhase(.connect), .program { $0.phases[1].phase = .connect }),
    FlawCase(
      "a block of no phase", .unreachableBlock(index: sample.blocks.count - 2),
      .program { $0.phases.removeLast() }),
    FlawCase(
      "a block of no timer", .unreachableBlock(index: sample.blocks.count - 1),
      .program { $0.timers = [] }),
    FlawCase(
      "a timer past the blocks", .indexOutOfRange(.timers, index: 0),
      .program { $0.timers[0].block = UInt32($0.blocks.count) }),
    FlawCase(
      "a block of two phases", .unreachableBlock(index: 2),
      .program { $0.phases[1].block = $0.phases[0].block }),
    FlawCase(
      "a phase that is a function", .unreachableBlock(index: 0),
      .program { $0.phases[0].block = 0 }),
  ]
}
