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
  /// The number of a `:matches` or `:regex`, under which the rule's use of its variables is noted.
  var number: Int?
  var constantKeys: [String] = []
  var builtKeys: [TextValue] = []
  /// For `:regex`: the constant keys, compiled and judged.
  var patterns: [PlannedPattern] = []
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
      guard isPossible(found, with: plan.type, at: tag.range) else { return nil }
    }
    guard relation(of: call, to: &plan), backtrack(of: call, to: &plan) else { return nil }
    let keys = call.strings(keys)
    switch plan.type {
    case .list:
      for key in keys { addTable(key, to: &plan, of: call.name.text) }
      // ${0} is the value that was found (RFC 6134 §2.2).
      plan.number = newMatch(groups: 0)
      return plan.tables.isEmpty ? nil : plan
    case .regex:
      guard addPatterns(keys, to: &plan, of: call) else { return nil }
    default:
      addKeys(keys, to: &plan, subject, of: call)
      // A wildcard pattern that is built as the rules run can be too long.
      if plan.type == .matches, !plan.builtKeys.isEmpty { noteMatchFailure(of: call) }
    }
    if plan.type == .matches || plan.type == .regex {
      plan.number = newMatch(groups: groups(of: plan))
    }
    return plan
  }

  // MARK: Tags

  private mutating func comparator(_ tag: BoundTag, of call: Call) -> Comparator? {
    guard let literal = tag.string, let name = constant(literal, "comparator", of: call.name.text)
    else { return nil }
    if let found = Comparator.allCases.first(where: { $0.name == name.lowercasedASCII }) {
      // RFC 5228 §2.7.3: these two need no `require`; in test suites none does.
      if found != .octet && found != .asciiCasemap && !isTestSuite {
        demand(.capability("comparator-" + found.name), for: found.name, at: literal.range)
      }
      return found
    }
    let nearest = nearest(to: name, among: Comparator.allCases.map(\.name))
    report(.name(.unknownComparator(name, nearest: nearest)), at: literal.range)
    return nil
  }

  /// RFC 4790 §9.1.1: i;ascii-numeric has no substring operation. Tables and patterns know the two
  /// comparators that only say whether letter case counts.
  private mutating func isPossible(
    _ comparator: Comparator, with type: MatchType, at range: SourceRange
  ) -> Bool {
    let isPossible =
      switch (type, comparator) {
      // In plain Sieve a list compares in its own way (RFC 6134 §2.2).
      case (.list, _) where !file.isPolicy: false
      case (_, .octet), (_, .asciiCasemap), (.is, _), (.value, _), (.count, _): true
      case (.contains, .unicodeCasemap), (.matches, .unicodeCasemap), (.regex, .unicodeCasemap):
        true
      case (.list, _), (_, .asciiNumeric): false
      }
    if !isPossible {
      report(
        .argument(.comparatorNotPossible(comparator.name, matchType: type.name)), at: range)
    }
    return isPossible
  }

  private mutating func relation(of call: Call, to plan: inout MatchPlan) -> Bool {
    guard plan.type == .value || plan.type == .count, let tag = call.tag(plan.type.name) else {
      return true
    }
    if plan.type == .count, call.name.text == "deleteheader" {
      let possible = MatchType.allCases.filter { $0 != .count }.map(\.name)
      report(
        .argument(.matchTypeNotPossible("count", of: call.name.text, possible: possible)),
        at: tag.range)
      return false
    }
    guard let literal = tag.string,
      let name = constant(literal, ":" + tag.name, of: call.name.text)
    else { return false }
    if let found = Relation.allCases.first(where: { $0.name == name.lowercasedASCII }) {
      plan.relation = found
      return true
    }
    let known = Relation.allCases.map(\.name)
    let nearest = ForeignWords.relations[name] ?? nearest(to: name, among: known)
    report(
      .name(.unknownValue(name, of: ":" + tag.name, nearest: nearest, known: known)),
      at: literal.range)
    return false
  }

  private mutating func backtrack(of call: Call, to plan: inout MatchPlan) -> Bool {
    guard let tag = call.tag("backtrack") else { return true }
    guard plan.type == .regex else {
      report(
        .argument(.tagNeeds("backtrack", needs: "regex", of: call.name.text)), at: tag.range)
      return false
    }
    guard let number = tag.number else { return false }
    guard Self.backtrackAllowed.contains(number.value) else {
      let problem = ArgumentProblem.outOfRange(
        ":backtrack", value: number.value, allowed: Self.backtrackAllowed, of: call.name.text)
      report(.argument(problem), at: number.range)
      return false
    }
    plan.backtrack = UInt32(number.value)
    return true
  }

  /// A step takes 20 ns or so: two seconds at the most.
  private static let backtrackAllowed = 1...100_000_000

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
    checkMeaning(of: table, at: key.range)
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
    // The one that was meant is not known.
    hasHoles = true
    let problem = DeclarationProblem.wrongTableType(
      name, type: table.kind.name, wanted: types.map(\.name))
    report(
      .declaration(problem), at: range,
      notes: [.init(DeclarationKind.table.note(name), at: table.range)])
    return nil
  }
}
