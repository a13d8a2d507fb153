// The one gate to the machine: a `VerifiedProgram` can be made only here.
//
// One linear pass over sections and code. Types need no data flow: a register's type is its
// bank (`RegisterBank`), registers and match variables are cleared when a run begins, and every
// text word the machine makes lies inside its space. Termination needs none either: jumps go
// forward inside their block, calls go to earlier blocks.

/// A program that the machine can run without asking anything twice. A class, since a struct of
/// thirty arrays that is handed on counts as many references.
package final class VerifiedProgram: Sendable {
  package let program: Program
  /// SHA-256 of the image, the policy's name in logs; empty for a program made in memory.
  package let digest: [UInt8]
  /// Fuel for each instruction, by its index: the machine's loop reads it in one step, where the
  /// sheet is a call away in another module.
  package let costs: [Int32]
  /// The longest entry of each set, by its index: a longer text is rejected unread.
  package let longestEntries: [Int]
  /// Each rule's name and place as they are told, by its index.
  package let ruleNames: [(name: String, location: String)]
  /// What each phase runs, by the phase's number; nil where the policy has nothing.
  private let blocks: [Block?]

  /// Checks an image's bytes.
  package convenience init(image: [UInt8]) throws(Flaw) {
    let program = try Program(image: image)
    try self.init(program, digest: Array(image.suffix(ImageFormat.digestBytes)))
  }

  /// Checks a program made in memory.
  package init(_ program: Program, digest: [UInt8] = []) throws(Flaw) {
    try SectionVerifier(program: program).verify()
    try CodeVerifier(program: program).verify()
    self.program = program
    self.digest = digest
    longestEntries = program.sets.map { set in
      guard set.kind == .exact || set.kind == .folded else { return 0 }
      let entries = program.entries[Int(set.first)..<Int(set.first) + Int(set.count)]
      return entries.reduce(0) { max($0, Int($1.length)) }
    }
    var byOpcode = Array(repeating: Int32(0), count: Opcode.allCases.count)
    for opcode in Opcode.allCases { byOpcode[Int(opcode.rawValue)] = Int32(opcode.shape.cost) }
    costs = program.code.map { instruction in
      switch instruction.opcode {
      case .query: Int32(program.queries[Int(instruction.c)].source.info.cost)
      case .act: Int32(program.actions[Int(instruction.c)].action.cost)
      default: byOpcode[Int(instruction.opcode.rawValue)]
      }
    }
    ruleNames = program.rules.map { (program.string($0.name), program.location($0.place)) }
    blocks = Phase.allCases.map { program.block(of: $0) }
  }

  package func block(of phase: Phase) -> Block? { blocks[Int(phase.rawValue)] }
}

/// Checks that every index in the sections points to something of the right kind.
struct SectionVerifier {
  let program: Program
  /// Steps that any image may ask for; see `verifyWork`.
  var workFloor = ImageFormat.workFloor

  func verify() throws(Flaw) {
    try verifyRanges()
    try verifyWork()
    try verifyStrings()
    try verifySets()
    try verifySpecs()
    try verifyRecords()
    try verifyReferences()
    try verifyPlaces()
    try verifyBlocks()
  }

  private func verifyRanges() throws(Flaw) {
    let end = program.stringBytes.count
    guard end <= TextWord.spaceBytesMax else { throw .sectionLength(.stringBytes) }
    for (index, range) in (program.strings + program.entries).enumerated() {
      guard Int(range.offset) + Int(range.length) <= end else {
        throw .stringOutOfBounds(index: index)
      }
    }
  }

  private func verifyStrings() throws(Flaw) {
    for (index, range) in program.strings.enumerated() {
      let bytes = program.stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)]
      guard UTF8Check.isValid(bytes) else { throw .notUTF8(.strings, index: index) }
    }
  }

  private func verifySets() throws(Flaw) {
    for (index, set) in program.sets.enumerated() {
      let room = set.kind == .table ? program.tables.count : program.entries.count
      guard Int(set.first) + Int(set.count) <= room, set.kind != .table || set.count == 1 else {
        throw .indexOutOfRange(.sets, index: index)
      }
      if set.kind == .patterns { try verifyPatterns(set, index) }
      if set.kind.isUnsorted { continue }
      let entries = program.entries[Int(set.first)..<Int(set.first) + Int(set.count)]
      var previous: ArraySlice<UInt8>?
      for entry in entries {
        let bytes =
          program.stringBytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)]
        try verify(bytes, after: previous, in: set.kind, index)
        previous = set.kind == .addresses ? bytes.suffix(16) : bytes
      }
    }
  }

  private func verify(
    _ bytes: ArraySlice<UInt8>, after previous: ArraySlice<UInt8>?, in kind: SetKind, _ index: Int
  ) throws(Flaw) {
    if kind == .addresses {
      guard bytes.count == 32, !bytes.suffix(16).lexicographicallyPrecedes(bytes.prefix(16)) else {
        throw .malformedEntry(set: index)
      }
    } else if kind != .exact, bytes.contains(where: { $0 >= 65 && $0 <= 90 }) {
      throw .malformedEntry(set: index)
    }
    let key = kind == .addresses ? bytes.prefix(16) : bytes
    guard let previous else { return }
    guard previous.lexicographicallyPrecedes(key) else { throw .setNotSorted(index: index) }
  }

  private func verifyPatterns(_ set: KeySet, _ index: Int) throws(Flaw) {
    guard set.count % 2 == 0 else { throw .malformedEntry(set: index) }
    for (place, entry) in program.entries[Int(set.first)..<Int(set.first) + Int(set.count)]
      .enumerated()
    {
      let bytes = program.stringBytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)]
      let holds = place % 2 == 0 ? UTF8Check.isValid(bytes) : PatternFacts(bytes) != nil
      guard holds else { throw .malformedEntry(set: index) }
    }
  }

  private func verifySpecs() throws(Flaw) {
    for (index, spec) in program.specs.enumerated() {
      let firstSet = Int(spec.firstSet)
      guard firstSet + Int(spec.setCount) <= program.sets.count else {
        throw .indexOutOfRange(.specs, index: index)
      }
      let keys = Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount)
      guard keys.isEmpty || keys.clamped(to: RegisterBank.texts) == keys else {
        throw .keysOutsideBank(spec: index)
      }
      guard spec.setCount > 0 || spec.keyCount > 0 else { throw .keysMissing(spec: index) }
      for set in program.sets[firstSet..<firstSet + Int(spec.setCount)] {
        guard spec.accepts(set.kind) else { throw .keysMissing(spec: index) }
      }
      guard spec.type != .list || spec.keyCount == 0 else { throw .keysMissing(spec: index) }
    }
  }

  private func verifyReferences() throws(Flaw) {
    let strings = program.strings.count
    try check(.variables, program.variables) { Int($0.name) < strings }
    try check(.replies, program.replies) { Int($0.code) < strings && Int($0.enhanced) < strings }
    try check(.files, program.files) { Int($0) < strings }
    let files = program.files.count
    try check(.rules, program.rules) {
      Int($0.name) < strings && Int($0.severity) < strings && Int($0.reference) < strings
        && Int($0.place.file) < files
    }
    try check(.probes, program.probes) { Int($0.text) < strings && Int($0.place.file) < files }
    try check(.sourceMap, program.sourceMap) { Int($0.place.file) < files }
    try check(.blocks, program.blocks) { Int($0.name) < strings }
    try check(.phases, program.phases) { Int($0.block) < program.blocks.count }
    try check(.timers, program.timers) { Int($0.block) < program.blocks.count && $0.seconds > 0 }
  }

  private func check<Record>(
    _ section: Section, _ records: [Record], _ holds: (Record) -> Bool
  ) throws(Flaw) {
    for (index, record) in records.enumerated() where !holds(record) {
      throw .indexOutOfRange(section, index: index)
    }
  }

  private func verifyPlaces() throws(Flaw) {
    var previous = -1
    for (index, mark) in program.sourceMap.enumerated() {
      guard Int(mark.pc) > previous else { throw .placesNotAscending(index: index) }
      previous = Int(mark.pc)
    }
  }

  /// Blocks tile the code; those behind the functions belong to one phase each.
  private func verifyBlocks() throws(Flaw) {
    guard Int(program.functionCount) <= program.blocks.count else {
      throw .functionCount(program.functionCount)
    }
    var previous = -1
    for (index, block) in program.blocks.enumerated() {
      let inOrder = index == 0 ? block.start == 0 : Int(block.start) > previous
      guard inOrder, Int(block.start) < program.code.count else { throw .blockOrder(index: index) }
      previous = Int(block.start)
    }
    guard !program.blocks.isEmpty || program.code.isEmpty else { throw .blockOrder(index: 0) }
    var owners = Array(repeating: 0, count: program.blocks.count)
    var seen = PhaseSet.none
    for entry in program.phases {
      guard !seen.contains(entry.phase) else { throw .duplicatePhase(entry.phase) }
      seen.bits |= 1 << UInt16(entry.phase.rawValue)
      owners[Int(entry.block)] += 1
    }
    for timer in program.timers { owners[Int(timer.block)] += 1 }
    for (index, count) in owners.enumerated() {
      guard count == (index < Int(program.functionCount) ? 0 : 1) else {
        throw .unreachableBlock(index: index)
      }
    }
  }
}

extension SetKind {
  /// Its entries stand in the order of the source, or are not in the image.
  var isUnsorted: Bool { self == .ordered || self == .patterns || self == .table }
}

extension MatchSpec {
  /// Whether a set of that kind can be asked by this match.
  package func accepts(_ kind: SetKind) -> Bool {
    switch type {
    case .is:
      switch comparator {
      case .octet: kind == .exact
      case .asciiCasemap: kind == .folded
      case .asciiNumeric, .unicodeCasemap: kind == .ordered
      }
    case .contains, .matches, .value, .count: kind == .ordered
    case .regex: kind == .patterns
    case .list: kind != .ordered
    }
  }
}

package enum UTF8Check {
  package static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.allSatisfy({ $0 < 0x80 }) { return true }
    return String(validating: bytes, as: UTF8.self) != nil
  }
}
