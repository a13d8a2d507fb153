// The verifier's look at queries, actions, checks, tables and declarations: every index points to
// something of the right kind, every run of registers lies in its bank.

extension SectionVerifier {
  func verifyRecords() throws(Flaw) {
    for (index, query) in program.queries.enumerated() { try verify(query, index) }
    for (index, action) in program.actions.enumerated() { try verify(action, index) }
    for (index, check) in program.checks.enumerated() { try verify(check, index) }
    for (index, table) in program.tables.enumerated() { try verify(table, index) }
    for (index, declaration) in program.declarations.enumerated() {
      guard isString(declaration.name), isWords(declaration.arguments, inPairs: true) else {
        throw .indexOutOfRange(.declarations, index: index)
      }
    }
  }

  private func verify(_ query: QuerySpec, _ index: Int) throws(Flaw) {
    let info = query.source.info
    guard Int(query.detail) < info.detailCount, QueryFlags.known.contains(query.flags),
      Int(query.loop) <= ImageFormat.loopsMax
    else { throw .unknownValue(.queries, index: index) }
    try verifyTexts(query.firstText, query.textCount, .queries, index)
    let holds =
      isSet(query.names, .folded) && Int(query.spec) <= program.specs.count
      && Int(query.word) <= program.strings.count
    guard holds else { throw .indexOutOfRange(.queries, index: index) }
  }

  private func verify(_ action: ActionSpec, _ index: Int) throws(Flaw) {
    let count = action.action.parameters.count
    let given = action.present.nonzeroBitCount
    let hasMore = action.action.isVariadic && action.present >> max(0, count - 1) == 1
    guard Int(action.loop) <= ImageFormat.loopsMax,
      action.present >> count == 0,
      hasMore ? Int(action.textCount) >= given : Int(action.textCount) == given
    else { throw .unknownValue(.actions, index: index) }
    try verifyTexts(action.firstText, action.textCount, .actions, index)
    guard Int(action.spec) <= program.specs.count,
      Int(action.policy) <= program.policies.count
    else {
      throw .indexOutOfRange(.actions, index: index)
    }
  }

  private func verify(_ check: CheckSpec, _ index: Int) throws(Flaw) {
    try verifyTexts(check.firstText, check.textCount, .checks, index)
    let holds =
      isWords(check.arguments, inPairs: false) && Int(check.spec) <= program.specs.count
      && Int(check.variable) <= program.variables.count
      && Int(check.loop) <= ImageFormat.loopsMax
    guard holds else { throw .indexOutOfRange(.checks, index: index) }
  }

  private func verify(_ table: TableSpec, _ index: Int) throws(Flaw) {
    let isInline = table.source == .inline
    let holds =
      isString(table.name) && isWords(table.arguments, inPairs: true)
      && Int(table.keys) <= program.sets.count && (table.keys > 0) == isInline
      && (table.values == 0 || isWords(table.values - 1, inPairs: false))
    guard holds else { throw .indexOutOfRange(.tables, index: index) }
    guard table.values > 0 else { return }
    let keys = isInline ? program.sets[Int(table.keys - 1)].count : 0
    guard program.sets[Int(table.values - 1)].count == keys else {
      throw .malformedEntry(set: Int(table.values - 1))
    }
  }

  /// Texts of a record lie in the bank of texts.
  private func verifyTexts(
    _ first: UInt8, _ count: UInt8, _ section: Section, _ index: Int
  ) throws(Flaw) {
    let range = Int(first)..<Int(first) + Int(count)
    guard range.isEmpty || range.clamped(to: RegisterBank.texts) == range else {
      throw .textsOutsideBank(section, index: index)
    }
  }

  private func isString(_ index: UInt32) -> Bool { Int(index) < program.strings.count }

  /// A set of that kind, plus one, or none.
  private func isSet(_ index: UInt32, _ kind: SetKind) -> Bool {
    index == 0
      || (Int(index) <= program.sets.count && program.sets[Int(index) - 1].kind == kind)
  }

  private func isWords(_ index: UInt32, inPairs: Bool) -> Bool {
    guard Int(index) < program.sets.count else { return false }
    let set = program.sets[Int(index)]
    return set.kind == .ordered && (!inPairs || set.count % 2 == 0)
  }
}
