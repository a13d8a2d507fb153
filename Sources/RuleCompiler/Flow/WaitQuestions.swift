// Who is asked by a check, how long, and which checks ask the same: their texts are followed
// through the registers, so that two tests of one domain are one question.

import RuleBytecode

/// Equal ones have one answer, which is asked for once.
enum WaitQuestion: Hashable {
  /// What the machine asks with words of its own: the mail's facts.
  case kind(CheckKind, words: [String], aspect: UInt8, loop: UInt8)
  /// With texts that the rules build.
  case texts(CheckKind, words: [String], [String])
  /// One that stands for itself.
  case place(Int)
}

struct WaitQuestions {
  private let program: Program
  private let tables: [String: TableSpec]
  /// Of each check instruction with texts, what these are made of.
  private var texts: [Int: [String]] = [:]

  init(_ program: Program) {
    self.program = program
    tables = Dictionary(
      program.tables.map { (program.string($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    readTexts()
  }

  /// Nil for one that does not wait for anybody.
  func milliseconds(of check: CheckSpec) -> Int? {
    switch check.kind {
    case .suite, .unpack, .errands: return nil
    // The filter's own file: nobody is waited for, and a call has no time-out to change.
    case .greylist, .rate, .duplicate, .knownSender: return nil
    case .table:
      let name = program.words(ofSet: check.arguments).first ?? ""
      guard let table = tables[name], table.source.isOutside else { return nil }
      return Int(table.timeoutMilliseconds)
    default: return Int(check.timeoutMilliseconds)
    }
  }

  func name(of check: CheckSpec) -> String {
    let words = program.words(ofSet: check.arguments)
    return switch check.kind {
    case .scan, .table, .dnsbl, .hashbl:
      // A list of hashes begins with its hash.
      ([check.kind.name] + (words.count == 1 ? [quoted(words[0])] : [])).joined(separator: " ")
    default: check.kind.name
    }
  }

  func question(of check: CheckSpec, at pc: Int) -> WaitQuestion {
    let words = program.words(ofSet: check.arguments)
    switch check.kind {
    // Each asking counts.
    case .rate, .suite: return .place(pc)
    case .spf, .dkim, .dmarc, .arc, .rdns:
      return .kind(check.kind, words: [], aspect: 0, loop: 0)
    case .scan:
      let isOfParts = check.aspect == ScanQuestion.parts.rawValue
      return .kind(.scan, words: words, aspect: isOfParts ? 1 : 0, loop: check.loop)
    case .dnsbl where check.textCount == 0, .greylist:
      return .kind(check.kind, words: words, aspect: 0, loop: check.loop)
    case .dnsbl, .hashbl, .mx, .callout, .duplicate, .table:
      return .texts(check.kind, words: words, texts[pc] ?? [])
    // What is asked for makes no other question.
    case .knownSender: return .texts(check.kind, words: [], texts[pc] ?? [])
    case .unpack, .errands: return .place(pc)
    }
  }

  /// Of the tables outside that a comparison asks; they are asked together.
  func slowestTable(of query: QuerySpec) -> TableSpec? {
    guard query.spec > 0 else { return nil }
    let spec = program.specs[Int(query.spec) - 1]
    let sets = (Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount))
      .map { program.sets[$0] }
    return sets.lazy.filter { $0.kind == .table }.map { program.tables[Int($0.first)] }
      .filter(\.source.isOutside).max { $0.timeoutMilliseconds < $1.timeoutMilliseconds }
  }

  // MARK: Texts

  /// Registers are written right before they are used: the order of the code says what they hold.
  private mutating func readTexts() {
    var registers: [UInt8: String] = [:]
    var built: [String] = []
    /// What a variable holds changes with each that is stored there.
    var stored: [UInt32: Int] = [:]
    for (pc, instruction) in program.code.enumerated() {
      switch instruction.opcode {
      case .textBegin: built = []
      case .textAdd: built.append(registers[instruction.a] ?? "?\(pc)")
      case .textEnd: registers[instruction.a] = built.joined(separator: " ")
      case .textConstant, .textFact, .textNamedFact:
        registers[instruction.a] = "\(instruction.opcode) \(instruction.b) \(instruction.c)"
      case .textVariable:
        let version = stored[instruction.c] ?? 0
        registers[instruction.a] = "variable \(instruction.c) \(version)"
      case .textStore: stored[instruction.c] = pc
      case .check:
        let check = program.checks[Int(instruction.c)]
        let range = Int(check.firstText)..<Int(check.firstText) + Int(check.textCount)
        texts[pc] = range.map { registers[UInt8($0)] ?? "?\(pc)" }
        if check.variable > 0 { stored[check.variable - 1] = pc }
      case let other where other.shape.a == .textOut:
        registers[instruction.a] = "?\(pc)"
      default: break
      }
    }
  }
}
