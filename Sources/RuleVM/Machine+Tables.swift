// Asking tables: those of the image and of files at once, all others as an outside check.
internal import RuleBytecode
internal import TableText

/// What a question to tables outside has come to so far.
struct TableDoubt {
  struct Wanted {
    let table: Int
    let key: String
  }

  /// Some value was not found, and not every table has answered about it.
  var isOpen = false
  /// Keys to ask for, should the question not be decided without them.
  var wanted: [Wanted] = []
  /// An answer is on its way.
  var isPending = false
  var failure: FailureClass?
}

extension Machine {
  // MARK: :list

  /// Whether a table that is not in the image has a value.
  mutating func isListed(
    _ subject: ArraySlice<UInt8>, in set: KeySet, _ spec: MatchSpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let index = Int(set.first)
    try charge(ByteCost.tableVisit + min(subject.count, ByteCost.tableKeyBytesMax))
    if let table = tables[index] {
      if table.type == .regex { return try firstPattern(ofTable: index, in: subject) != nil }
      return table.value(for: subject, isExact: spec.comparator == .octet) != nil
    }
    return answeredListing(subject, index, program)
  }

  /// What is known of a table outside; what is not is asked when nothing else decides.
  private mutating func answeredListing(
    _ subject: ArraySlice<UInt8>, _ index: Int, _ program: borrowing VerifiedProgram
  ) -> Bool {
    guard subject.count <= limits.checkArgumentBytesMax else {
      doubt(fail(.limit, "table: a key is too long"))
      return false
    }
    let name = program.program.string(program.program.tables[index].name)
    let key = String(decoding: subject, as: UTF8.self)
    switch answers.answer(.table, [name, "", key]) {
    case .values(let values) where !values.isEmpty: return true
    case .values: return false
    case .failed(let failure, let reason): doubt(fail(failure, "table \(name): \(reason)"))
    case .fields, .truth, .archive, .errands:
      doubt(fail(.table, "table \(name): the answer cannot be read"))
    case nil:
      tableDoubt.isOpen = true
      if answers.isPending(.table, [name, "", key]) {
        tableDoubt.isPending = true
      } else {
        tableDoubt.wanted.append(.init(table: index, key: key))
      }
    }
    return false
  }

  private mutating func doubt(_ truth: UInt64) {
    tableDoubt.isOpen = true
    tableDoubt.failure = TruthWord.failure(in: truth)
  }

  /// The end of a question that may have gone to tables outside: asks what is still wanted, or says
  /// what the answers came to. Nil when it waits.
  mutating func settled(
    _ truth: UInt64, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard tableDoubt.isOpen else { return truth }
    defer { tableDoubt = TableDoubt() }
    guard tableDoubt.isPending || !tableDoubt.wanted.isEmpty else {
      return TruthWord.failure(tableDoubt.failure ?? .table)
    }
    requests = []
    for wanted in tableDoubt.wanted {
      let table = program.program.tables[wanted.table]
      let name = program.program.string(table.name)
      _ = try ask(question(of: table), name, [name, "", wanted.key], program)
    }
    return nil
  }

  private func question(of table: TableSpec) -> CheckSpec {
    // One text: what mail can choose is not kept for the session.
    CheckSpec(
      kind: .table, arguments: 0, textCount: 1, timeoutMilliseconds: table.timeoutMilliseconds)
  }

  // MARK: lookup

  /// `lookup`: whether the key is there; its value goes into the variable.
  mutating func lookup(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let texts = texts(spec.firstText, spec.textCount)
    guard let name = program.program.words(ofSet: spec.arguments).first, texts.count == 2,
      let index = program.program.tables.firstIndex(where: {
        program.program.string($0.name) == name
      })
    else { throw .misplaced("lookup of a table that is not there") }
    let (scope, key) = (bytes(of: texts[0], program), bytes(of: texts[1], program))
    tracer.saw(key)
    try charge(
      ByteCost.tableVisit
        + min(key.count + scope.count, 2 * ByteCost.tableKeyBytesMax))
    let table = program.program.tables[index]
    if table.source == .inline {
      return try found(program.program.value(of: key, in: table), spec, program)
    }
    if let loaded = tables[index] {
      guard loaded.type != .regex else {
        // Patterns stand in no section.
        guard scope.isEmpty, let place = try firstPattern(ofTable: index, in: key) else {
          return TruthWord.no
        }
        return try found(loaded.patterns[place].value[...], spec, program)
      }
      return try found(loaded.value(for: key, scope: scope), spec, program)
    }
    return try asked(scope, key, name, table, spec, program)
  }

  private mutating func asked(
    _ scope: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>, _ name: String, _ table: TableSpec,
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard scope.count <= limits.checkArgumentBytesMax, key.count <= limits.checkArgumentBytesMax
    else { return fail(.limit, "table \(name): a key is too long") }
    let arguments = [
      name, String(decoding: scope, as: UTF8.self), String(decoding: key, as: UTF8.self),
    ]
    switch try ask(question(of: table), name, arguments, program) {
    case nil: return nil
    case .values(let values):
      return try found(values.first.map { Array($0.utf8)[...] }, spec, program)
    case .failed(let failure, let reason): return fail(failure, "table \(name): \(reason)")
    case .fields, .truth, .archive, .errands: return misread(spec, name)
    }
  }

  private mutating func found(
    _ value: ArraySlice<UInt8>?, _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    guard let value else { return TruthWord.no }
    if spec.variable > 0 {
      let kept = value.prefix(limits.answerTextBytesMax)
      try charge(kept.count)
      try store(try makeText(kept), in: spec.variable - 1, program)
    }
    return TruthWord.yes
  }
}

extension Program {
  /// The value of a key in an inline table: empty where it has none, nil where the key is not
  /// there.
  func value(of key: ArraySlice<UInt8>, in table: TableSpec) -> ArraySlice<UInt8>? {
    let set = sets[Int(table.keys) - 1]
    guard let place = KeyEntries(self).place(of: key, in: set) else { return nil }
    guard table.values > 0 else { return [] }
    let range = entries[Int(sets[Int(table.values) - 1].first) + place]
    return stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)]
  }
}
