// What would be otherwise with another image: rules, what is declared, cost. Rules are compared by
// what they do, not by where they stand: an instruction counts with all that its numbers stand for.
internal import JSONOutput
internal import RuleBytecode

struct PolicyDifference {
  private let former: VerifiedProgram
  private let next: VerifiedProgram
  /// Of the one and of the other.
  private let words: (ProgramWords, ProgramWords)

  init(from former: VerifiedProgram, to next: VerifiedProgram) {
    self.former = former
    self.next = next
    words = (ProgramWords(former.program), ProgramWords(next.program))
  }

  /// Names of one kind that are only in the one, only in the other, or not the same in both.
  struct Names: Equatable {
    var added: [String] = []
    var removed: [String] = []
    var changed: [String] = []

    init(_ former: [String: [String]], _ next: [String: [String]]) {
      added = next.keys.filter { former[$0] == nil }.sorted()
      removed = former.keys.filter { next[$0] == nil }.sorted()
      changed = next.filter { name, words in former[name].map { $0 != words } ?? false }
        .map(\.key).sorted()
    }

    var json: OrderedJSON {
      .object([
        ("added", .texts(added)), ("removed", .texts(removed)), ("changed", .texts(changed)),
      ])
    }
  }

  var rules: Names { Names(words.0.rules, words.1.rules) }
  var tables: Names { Names(words.0.tables, words.1.tables) }

  /// Scanners, stores, keys, switches, settings: by their role and name.
  var declared: Names { Names(words.0.declared, words.1.declared) }

  var members: [(String, OrderedJSON)] {
    [
      ("policy", .text(former.digest.prefix(8).hex)), ("next", .text(next.digest.prefix(8).hex)),
      ("rules", rules.json), ("tables", tables.json), ("declared", declared.json),
      ("cost", .number(CostEstimate.estimate(former).messageFuel)),
      ("next_cost", .number(CostEstimate.estimate(next).messageFuel)),
    ]
  }
}

/// What an image says, in words that two images can be compared by: no index of its tables is among
/// them.
struct ProgramWords {
  private let program: Program
  /// What each `define`d block does, as a digest: one that calls others has theirs in it.
  private var functions: [String] = []

  init(_ program: Program) {
    self.program = program
    // The verifier has shown that blocks call only those before them.
    for block in 0..<Int(program.functionCount) {
      let words = range(of: block).map { self.words(program.code[$0], at: $0) }
      functions.append(SHA256.digest(of: Array(words.joined(separator: "\u{2}").utf8)).hex)
    }
  }

  /// By name: the code from the rule's beginning to the next one's, and how it is marked.
  var rules: [String: [String]] {
    var result: [String: [String]] = [:]
    var name: String?
    for block in program.blocks.indices {
      for pc in range(of: block) {
        let instruction = program.code[pc]
        if instruction.opcode == .rule {
          let rule = program.rules[Int(instruction.c)]
          let named = program.string(rule.name)
          name = named
          result[named, default: []] += [
            rule.phase.name, rule.mode.name, program.string(rule.severity),
            program.string(rule.reference),
          ]
        }
        if let name { result[name]?.append(words(instruction, at: pc)) }
      }
      name = nil
    }
    return result
  }

  var tables: [String: [String]] {
    let pairs = program.tables.map { table in
      (
        program.string(table.name),
        ["\(table.type.name) \(table.source.name) \(table.entriesMax) \(table.timeoutMilliseconds)"]
          + program.words(ofSet: table.arguments) + ["keys"] + optional(set: table.keys)
          + ["values"] + optional(set: table.values)
      )
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  var declared: [String: [String]] {
    let pairs = program.declarations.map { declaration in
      let name = program.string(declaration.name)
      return (
        declaration.role.name + (name.isEmpty ? "" : " \"\(name)\""),
        program.words(ofSet: declaration.arguments)
      )
    }
    // Those without a name may stand several times: together they are one.
    return Dictionary(pairs, uniquingKeysWith: { $0 + ["and"] + $1 })
  }

  private func range(of block: Int) -> Range<Int> {
    let start = Int(program.blocks[block].start)
    let end =
      block + 1 < program.blocks.count ? Int(program.blocks[block + 1].start) : program.code.count
    return start..<end
  }

  // MARK: One instruction

  private func words(_ instruction: Instruction, at pc: Int) -> String {
    let shape = instruction.opcode.shape
    let values = [UInt32(instruction.a), UInt32(instruction.b), instruction.c]
    return ([shape.name] + zip(shape.operands, values).map { text($0, $1, pc) })
      .joined(separator: "\u{1}")
  }

  private func text(_ operand: Operand, _ value: UInt32, _ pc: Int) -> String {
    switch operand {
    case .target, .loopStart: "\(Int(value) - pc)"
    case .number: "\(program.numbers[Int(value)])"
    case .string: program.string(value)
    case .variable: program.string(program.variables[Int(value)].name)
    case .rule: program.string(program.rules[Int(value)].name)
    case .function: functions[Int(value)]
    case .probe: program.string(program.probes[Int(value)].text)
    case .policy: "\(program.policies[Int(value)].answers)"
    case .query: text(program.queries[Int(value)])
    case .check: text(program.checks[Int(value)])
    case .reply: text(program.replies[Int(value)])
    case .action: text(program.actions[Int(value)])
    case .none, .truthIn, .truthOut, .numberIn, .numberOut, .textIn, .textOut, .fact, .numberFact,
      .factFamily, .group, .modifier, .logLevel, .loop, .loopOrNone, .loopKind, .bit:
      "\(value)"
    }
  }

  private func text(_ query: QuerySpec) -> String {
    let numbers = "\(query.source) \(query.detail) \(query.flags) \(query.loop) \(query.firstText)"
    return
      ([numbers, "\(query.textCount) \(query.index)"] + optional(set: query.names)
      + [optional(spec: query.spec), query.word > 0 ? program.string(query.word - 1) : ""])
      .joined(separator: "\u{3}")
  }

  private func text(_ check: CheckSpec) -> String {
    let numbers =
      "\(check.kind) \(check.aspect) \(check.firstText) \(check.textCount)"
      + " \(check.timeoutMilliseconds) \(check.loop)"
    let variable =
      check.variable > 0 ? program.string(program.variables[Int(check.variable) - 1].name) : ""
    return ([numbers] + words(set: Int(check.arguments)) + [optional(spec: check.spec), variable])
      .joined(separator: "\u{3}")
  }

  private func text(_ reply: Reply) -> String {
    "\(reply.kind) \(reply.wholeMessage) \(reply.endsTurn) \(program.string(reply.code))"
      + " \(program.string(reply.enhanced))"
  }

  private func text(_ action: ActionSpec) -> String {
    let numbers =
      "\(action.action) \(action.flags) \(action.loop) \(action.firstText) \(action.textCount)"
      + " \(action.present) \(action.index)"
    let policy = action.policy > 0 ? "\(program.policies[Int(action.policy) - 1].answers)" : ""
    return [numbers, optional(spec: action.spec), policy].joined(separator: "\u{3}")
  }

  private func optional(spec index: UInt32) -> String {
    guard index > 0 else { return "" }
    let spec = program.specs[Int(index) - 1]
    let numbers =
      "\(spec.type) \(spec.relation) \(spec.comparator) \(spec.addressPart) \(spec.everyCandidate)"
      + " \(spec.captures) \(spec.backtrack) \(spec.firstKey) \(spec.keyCount)"
    let sets = (0..<Int(spec.setCount)).flatMap { words(set: Int(spec.firstSet) + $0) }
    return ([numbers] + sets).joined(separator: "\u{4}")
  }

  private func optional(set index: UInt32) -> [String] {
    index > 0 ? words(set: Int(index) - 1) : []
  }

  private func words(set index: Int) -> [String] {
    let set = program.sets[index]
    if set.kind == .table {
      return ["table:\(program.string(program.tables[Int(set.first)].name))"]
    }
    let entries = program.entries[Int(set.first)..<Int(set.first) + Int(set.count)]
    return ["\(set.kind)"]
      + entries.map { entry in
        // Addresses are bytes, not text.
        program.stringBytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)]
          .map { String($0, radix: 16) }.joined(separator: ".")
      }
  }
}
