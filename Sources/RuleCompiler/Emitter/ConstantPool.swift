// The sections of a program, each thing in them once: policies with thousands of rules repeat
// their header names, replies and lists. Everything is found by hash, so the work stays linear.

import RuleBytecode
import TableText

/// Values with their index, each kept once.
struct Interner<Value: Hashable> {
  private(set) var values: [Value] = []
  private var indexes: [Value: UInt32] = [:]

  mutating func index(of value: Value) -> UInt32 {
    if let known = indexes[value] { return known }
    let index = UInt32(values.count)
    indexes[value] = index
    values.append(value)
    return index
  }
}

struct ConstantPool {
  private struct SetKey: Hashable {
    let kind: SetKind
    let entries: [StringRange]
  }

  private struct TableSetKey: Hashable {
    let name: String
    let kind: SetKind
  }

  private var bytes: [UInt8] = []
  private var spans: [[UInt8]: StringRange] = [:]
  private var strings = Interner<StringRange>()
  private var entries: [StringRange] = []
  private var sets: [KeySet] = []
  private var setIndexes: [SetKey: UInt32] = [:]
  private var tableSets: [TableSetKey: UInt32] = [:]
  /// Runs of sets that one match tries: the indexes of the sets, and where the run begins.
  private var setRuns: [[UInt32]: UInt32] = [:]
  private var specs = Interner<MatchSpec>()
  private var numbers = Interner<Int64>()
  private var variables = Interner<Variable>()
  private var policies = Interner<FailurePolicy>()
  private var replies = Interner<Reply>()
  private var queries = Interner<QuerySpec>()
  private var actions = Interner<ActionSpec>()
  private var checks = Interner<CheckSpec>()

  // MARK: Bytes

  private mutating func span(_ value: [UInt8]) -> StringRange {
    if let known = spans[value] { return known }
    let range = StringRange(offset: UInt32(bytes.count), length: UInt32(value.count))
    bytes += value
    spans[value] = range
    return range
  }

  mutating func string(_ text: String) -> UInt32 {
    strings.index(of: span(Array(text.utf8)))
  }

  // MARK: Sets

  /// A set of these entries; all kinds but `ordered` are sorted here and kept once each.
  mutating func set(_ kind: SetKind, _ values: [[UInt8]]) -> UInt32 {
    var spans: [StringRange] = []
    spans.reserveCapacity(values.count)
    if kind == .ordered || kind == .patterns {
      spans = values.map { span($0) }
    } else {
      let sorted = values.sorted { $0.lexicographicallyPrecedes($1) }
      for (index, value) in sorted.enumerated() where index == 0 || sorted[index - 1] != value {
        spans.append(span(value))
      }
    }
    let key = SetKey(kind: kind, entries: spans)
    if let known = setIndexes[key] { return known }
    let index = append(KeySet(kind: kind, first: UInt32(entries.count), count: UInt32(spans.count)))
    entries += spans
    setIndexes[key] = index
    return index
  }

  mutating func set(_ kind: SetKind, _ values: [String]) -> UInt32 {
    set(kind, values.map { Array($0.utf8) })
  }

  private mutating func append(_ set: KeySet) -> UInt32 {
    sets.append(set)
    return UInt32(sets.count - 1)
  }

  /// Header names, as every test on headers asks for them.
  mutating func names(_ names: [String]) -> UInt32 { set(.folded, names.map(\.lowercasedASCII)) }

  /// The set that holds a table's entries for a comparator, or that stands for the table.
  private mutating func set(of table: Table, _ comparator: Comparator) -> UInt32 {
    let kind = table.source == .inline ? kind(of: table, comparator) : .table
    let key = TableSetKey(name: table.name, kind: kind)
    if let known = tableSets[key] { return known }
    let index: UInt32
    if kind == .table {
      index = append(KeySet(kind: .table, first: UInt32(table.index), count: 1))
    } else if kind == .addresses {
      index = set(kind, AddressRange.merged(table.networks).map(\.bytes))
    } else {
      index = set(kind, kind == .exact ? table.entries : table.entries.map(Self.folded))
    }
    tableSets[key] = index
    return index
  }

  private func kind(of table: Table, _ comparator: Comparator) -> SetKind {
    switch table.kind {
    case .set, .map: comparator == .octet ? .exact : .folded
    case .cidr: .addresses
    case .domain: .domains
    case .address: .mailboxes
    case .regex: .patterns
    }
  }

  /// A table as it is asked by name.
  mutating func table(_ table: Table) -> TableSpec {
    var spec = TableSpec(
      name: string(table.name), type: table.kind, source: table.source,
      arguments: set(.ordered, table.arguments.flatMap { [$0.name, $0.value] }),
      timeoutMilliseconds: table.timeoutMilliseconds,
      entriesMax: UInt32(table.entriesMax ?? 0))
    guard table.source == .inline else { return spec }
    spec.keys = set(of: table, .asciiCasemap) + 1
    guard table.kind == .map else { return spec }
    var values: [[UInt8]: [UInt8]] = [:]
    for (key, value) in zip(table.entries, table.values) {
      let folded = Self.folded(key)
      // The first one holds.
      if values[folded] == nil { values[folded] = value }
    }
    let keys = values.keys.sorted { $0.lexicographicallyPrecedes($1) }
    spec.values = set(.ordered, keys.compactMap { values[$0] }) + 1
    return spec
  }

  private static func folded(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }

  // MARK: Matches

  /// The constant half of a match; `keys` are the registers of its built keys.
  mutating func spec(_ plan: MatchPlan, captures: Bool, keys: Range<Int>) -> UInt32 {
    let found = setIndexes(of: plan)
    let run = found.count == 1 ? found[0] : runIndex(found)
    return specs.index(
      of: MatchSpec(
        type: plan.type, relation: plan.relation, comparator: plan.comparator,
        addressPart: plan.addressPart, everyCandidate: plan.everyCandidate, captures: captures,
        backtrack: plan.backtrack, firstSet: run, setCount: UInt16(clamping: found.count),
        firstKey: UInt8(keys.isEmpty ? 0 : keys.lowerBound),
        keyCount: UInt8(keys.count)))
  }

  private mutating func setIndexes(of plan: MatchPlan) -> [UInt32] {
    if plan.type == .list, plan.ranges == nil {
      return plan.tables.map { set(of: $0, plan.comparator) }
    }
    if let ranges = plan.ranges {
      let written = ranges.isEmpty ? [] : [set(.addresses, ranges.map(\.bytes))]
      return written + plan.tables.map { set(of: $0, plan.comparator) }
    }
    if !plan.patterns.isEmpty { return [set(.patterns, plan.patterns.flatMap(\.entries))] }
    if plan.constantKeys.isEmpty { return [] }
    return [set(kind(of: plan), plan.constantKeys)]
  }

  /// What `MatchSpec.accepts` wants.
  private func kind(of plan: MatchPlan) -> SetKind {
    switch (plan.type, plan.comparator) {
    case (.is, .octet): .exact
    case (.is, .asciiCasemap): .folded
    case (.regex, _): .patterns
    default: .ordered
    }
  }

  /// Sets that one match tries stand side by side.
  private mutating func runIndex(_ found: [UInt32]) -> UInt32 {
    if found.isEmpty { return 0 }
    if let known = setRuns[found] { return known }
    let first = UInt32(sets.count)
    for index in found { sets.append(sets[Int(index)]) }
    setRuns[found] = first
    return first
  }

  // MARK: Records

  mutating func number(_ value: Int64) -> UInt32 { numbers.index(of: value) }
  mutating func policy(_ value: FailurePolicy) -> UInt32 { policies.index(of: value) }
  mutating func query(_ value: QuerySpec) -> UInt32 { queries.index(of: value) }
  mutating func action(_ value: ActionSpec) -> UInt32 { actions.index(of: value) }
  mutating func check(_ value: CheckSpec) -> UInt32 { checks.index(of: value) }

  mutating func declaration(_ value: CheckedDeclaration) -> Declaration {
    Declaration(
      role: value.role, name: string(value.name),
      arguments: set(.ordered, value.values.flatMap { [$0.name, $0.value] }))
  }

  mutating func variable(_ reference: VariableReference) -> UInt32 {
    variables.index(of: Variable(name: string(reference.name), scope: reference.scope))
  }

  mutating func reply(
    _ kind: VerdictKind, wholeMessage: Bool, endsTurn: Bool = false, code: String,
    enhanced: String
  ) -> UInt32 {
    replies.index(
      of: Reply(
        kind: kind, wholeMessage: wholeMessage, endsTurn: endsTurn, code: string(code),
        enhanced: string(enhanced)))
  }

  /// Puts the pool into a program.
  func fill(_ program: inout Program) {
    program.stringBytes = bytes
    program.strings = strings.values
    program.numbers = numbers.values
    program.entries = entries
    program.sets = sets
    program.specs = specs.values
    program.variables = variables.values
    program.policies = policies.values
    program.replies = replies.values
    program.queries = queries.values
    program.actions = actions.values
    program.checks = checks.values
  }
}
