// How a test compares its values: match type, comparator, address part and keys, checked once for
// all tests that take `:is :contains :matches :list`.

import RuleBytecode
import TableText

struct MatchPlan: Sendable {
  var type = MatchType.is
  /// For `value` and `count`.
  var relation = Relation.eq
  var comparator = Comparator.asciiCasemap
  var addressPart = AddressPart.all
  var everyCandidate = false
  /// `:backtrack`; 0 when not given.
  var backtrack: UInt32 = 0
  /// The number of a `:matches`, under which the rule's use of its variables is noted.
  var number: Int?
  var constantKeys: [String] = []
  var builtKeys: [TextValue] = []
  /// Networks, for `ip`; sorted and disjoint.
  var ranges: [AddressRange]?
  /// For `:list`.
  var tables: [Table] = []
  fileprivate var tablesSeen: Set<String> = []

  /// What a key is compared with, so that literals which never match are found.
  enum Subject: Sendable { case text, address }
}

extension CheckContext {
  /// Reads the match tags and keys of a call.
  /// - Parameter keys: their place among the positional arguments.
  mutating func match(
    _ call: Call, keys: Int, subject: MatchPlan.Subject = .text
  ) -> MatchPlan? {
    var plan = MatchPlan()
    for type in MatchType.allCases where call.has(type.name) { plan.type = type }
    for part in AddressPart.allCases where call.has(part.name) { plan.addressPart = part }
    if let tag = call.tag("comparator") {
      guard let found = comparator(tag, of: call) else { return nil }
      plan.comparator = found
    }
    let keys = call.strings(keys)
    if plan.type == .list {
      for key in keys { addTable(key, to: &plan, of: call.name.text) }
      // ${0} is the value that was found (RFC 6134 §2.2).
      plan.number = newMatch(groups: 0)
      return plan.tables.isEmpty ? nil : plan
    }
    addKeys(keys, to: &plan, subject)
    if plan.type == .matches { plan.number = newMatch(groups: groups(of: plan)) }
    return plan
  }

  private mutating func comparator(_ tag: BoundTag, of call: Call) -> Comparator? {
    guard let literal = tag.string, let name = constant(literal, "comparator", of: call.name.text)
    else { return nil }
    if let found = Comparator.allCases.first(where: { $0.name == name.lowercasedASCII }) {
      return found
    }
    let nearest = nearest(to: name, among: Comparator.allCases.map(\.name))
    report(.name(.unknownComparator(name, nearest: nearest)), at: literal.range)
    return nil
  }

  private mutating func addKeys(
    _ keys: [StringLiteral], to plan: inout MatchPlan, _ subject: MatchPlan.Subject
  ) {
    var seen: Set<String> = []
    for key in keys {
      let value = text(key)
      guard let constant = value.constant else {
        plan.builtKeys.append(value)
        continue
      }
      let folded = plan.comparator == .octet ? constant : constant.lowercasedASCII
      if !seen.insert(folded).inserted {
        report(.flow(.duplicateKey(constant)), at: key.range)
      }
      // Plain scripts may ask for what can never be (RFC 5228 §2.7.4).
      if subject == .address, file.isPolicy { checkAddress(constant, plan, at: key.range) }
      plan.constantKeys.append(folded)
    }
  }

  /// A key that no address can equal is a mistake, not a choice.
  private mutating func checkAddress(_ key: String, _ plan: MatchPlan, at range: SourceRange) {
    guard plan.type == .is else { return }
    switch plan.addressPart {
    case .all:
      if !Literals.canEqualAddress(key) { report(.literal(.address(key)), at: range) }
    case .domain:
      let isLiteral = key.hasPrefix("[") && key.hasSuffix("]")
      if !key.isEmpty && !isLiteral && !Literals.isDomain(key) {
        report(.literal(.domain(key)), at: range)
      }
    case .localpart, .user, .detail: break
    }
  }

  /// How many match variables a `:matches` sets: one for each wildcard (RFC 5229 §3.2).
  private func groups(of plan: MatchPlan) -> Int {
    let most = ImageFormat.matchGroupsMax - 1
    if !plan.builtKeys.isEmpty { return most }
    return min(most, plan.constantKeys.map(Self.wildcards).max() ?? 0)
  }

  private static func wildcards(in pattern: String) -> Int {
    var count = 0
    var isEscaped = false
    for byte in pattern.utf8 {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") {
        count += 1
      }
    }
    return count
  }

  // MARK: Tables

  private mutating func addTable(
    _ key: StringLiteral, to plan: inout MatchPlan, of test: String
  ) {
    let text = self.constant(key, "table name", of: test)
    guard let text, let table = listed(text, at: key.range) else { return }
    noteFailures(of: table, in: test, at: key.range)
    if !plan.tablesSeen.insert(table.name).inserted {
      report(.flow(.duplicateKey(text)), at: key.range)
      return
    }
    plan.tables.append(table)
  }

  private mutating func listed(_ text: String, at range: SourceRange) -> Table? {
    if isTestSuite, !text.hasPrefix("table:") { return listOfSuite(text, at: range) }
    guard let name = tableName(text, of: ":list", at: range) else { return nil }
    return table(name, at: range, of: TableType.allCases.filter { $0 != .cidr })
  }

  /// A table that is asked outside may not answer.
  mutating func noteFailures(of table: Table, in test: String, at range: SourceRange) {
    guard table.isOutside else { return }
    tableFailures.add(Failures(.table, of: test, at: range, isAnswered: false))
  }

  /// `table:x` to `x`: list names are URIs (RFC 6134 §2.3).
  mutating func tableName(_ text: String, of user: String, at range: SourceRange) -> String? {
    if text.hasPrefix("table:") { return String(text.dropFirst("table:".count)) }
    let isDeclared = names.places[DeclaredName(.table, text)] != nil
    let problem = NameProblem.unknownValue(
      text, of: user, nearest: isDeclared ? "table:" + text : nil, known: ["table:NAME"])
    report(.name(problem), at: range)
    return nil
  }

  /// The declared table of that name, if it is of one of these types; what is wrong is reported.
  mutating func table(
    _ name: String, at range: SourceRange, of types: [TableType] = TableType.allCases
  ) -> Table? {
    let key = DeclaredName(.table, name)
    names.used.insert(key)
    guard let table = names.tables[name] else {
      reportMissing(.table, name, at: range)
      return nil
    }
    if types.contains(table.kind) { return table }
    let problem = DeclarationProblem.wrongTableType(
      name, type: table.kind.name, wanted: types.map(\.name))
    report(
      .declaration(problem), at: range,
      notes: [.init(DeclarationKind.table.note(name), at: table.range)])
    return nil
  }
}
