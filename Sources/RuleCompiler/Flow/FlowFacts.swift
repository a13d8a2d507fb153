// What elements mean beyond their own shape: the contents of inline tables, and that an address
// holds its domain.

import RuleBytecode
import TableText

/// An inline table as the analysis asks it.
struct FlowTable: Sendable {
  let kind: TableType
  /// As they are, and folded.
  var entries: Set<[UInt8]> = []
  var folded: Set<[UInt8]> = []
  /// Sorted and disjoint.
  var networks: [AddressRange] = []

  init(_ table: Table) {
    kind = table.kind
    networks = AddressRange.merged(table.networks)
    guard kind == .set || kind == .domain else { return }
    entries = Set(table.entries)
    folded = Set(table.entries.map(\.foldedASCII))
  }

  /// Whether the table holds this value; nil when that is not known.
  func takes(_ pattern: Pattern, isOctet: Bool) -> Bool? {
    switch (kind, pattern) {
    case (.set, .exactly(let text)):
      return isOctet ? entries.contains(text) : folded.contains(text.foldedASCII)
    case (.domain, .exactly(let text)), (.domain, .domain(let text)):
      return Self.ends(of: text.foldedASCII).contains(where: folded.contains)
    case (.cidr, .network(let range)): return holds(range)
    default: return nil
    }
  }

  /// `a.b.c`, `b.c`, `c`.
  static func ends(of domain: [UInt8]) -> [[UInt8]] {
    let dots = domain.indices.filter { domain[$0] == UInt8(ascii: ".") }
    return [domain] + dots.map { Array(domain[($0 + 1)...]) }
  }

  private func holds(_ range: AddressRange) -> Bool {
    var low = 0
    var high = networks.count
    while low < high {
      let middle = (low + high) / 2
      if networks[middle].last < range.first { low = middle + 1 } else { high = middle }
    }
    return low < networks.count && networks[low].first <= range.first
      && range.last <= networks[low].last
  }

  /// Small tables are compared entry by entry.
  static let comparedMax = 4_096

  /// The entries as patterns; nil for a table that is too large or of another kind.
  var patterns: [Pattern]? {
    switch kind {
    case .set: entries.count <= Self.comparedMax ? entries.map(Pattern.exactly) : nil
    case .domain: folded.count <= Self.comparedMax ? folded.map(Pattern.domain) : nil
    case .cidr: networks.count <= Self.comparedMax ? networks.map(Pattern.network) : nil
    default: nil
    }
  }
}

/// What the analysis knows about subjects and tables.
struct FlowFacts: Sendable {
  var subjects = SubjectTable()
  private(set) var tables: [FlowTable] = []
  private var tableNumbers: [String: Int] = [:]
  /// For a subject of whole addresses, those of their domains and local parts.
  private(set) var sides: [Int: (domain: Int, local: Int)] = [:]
  /// For a fact's text, the subject that says whether the fact is there.
  private(set) var presences: [Int: Int] = [:]

  mutating func table(_ name: String, _ table: Table) -> Int {
    if let number = tableNumbers[name] { return number }
    tables.append(FlowTable(table))
    tableNumbers[name] = tables.count - 1
    return tables.count - 1
  }

  mutating func relate(_ address: Int, domain: Int, local: Int) {
    sides[address] = (domain, local)
  }

  mutating func relate(_ fact: Int, presence: Int) { presences[fact] = presence }

  /// Whether every message that `inner` takes is taken by `outer`.
  func covers(_ outer: Element, _ inner: Element) -> Bool {
    if coversDirectly(outer, inner) { return true }
    if outer.subject == inner.subject { return false }
    return derived(from: inner).contains { coversDirectly(outer, $0) }
  }

  private func coversDirectly(_ outer: Element, _ inner: Element) -> Bool {
    if outer.covers(inner) { return true }
    guard outer.subject == inner.subject else { return false }
    if outer.isOctet && !inner.isOctet { return false }
    if case .table(let number) = outer.pattern { return table(number, covers: inner, outer) }
    guard case .table(let number) = inner.pattern, let patterns = tables[number].patterns else {
      return false
    }
    return patterns.allSatisfy {
      outer.covers(Element(subject: inner.subject, pattern: inner.isOctet ? $0 : $0.folded()))
    }
  }

  private func table(_ number: Int, covers inner: Element, _ outer: Element) -> Bool {
    let table = tables[number]
    guard case .table(let other) = inner.pattern else {
      return table.takes(inner.pattern, isOctet: outer.isOctet) == true
    }
    guard tables[other].kind == table.kind, let patterns = tables[other].patterns else {
      return false
    }
    return patterns.allSatisfy { table.takes($0, isOctet: outer.isOctet) == true }
  }

  /// Whether no one value is taken by both.
  func excludes(_ left: Element, _ right: Element) -> Bool {
    if left.excludes(right) { return true }
    guard left.subject == right.subject else { return false }
    switch (left.pattern, right.pattern) {
    case (.table(let number), .exactly): return isMissing(right.pattern, in: number)
    case (.exactly, .table(let number)): return isMissing(left.pattern, in: number)
    default: return false
    }
  }

  /// Compared without regard to case, whatever the test says: more seems common then.
  private func isMissing(_ pattern: Pattern, in number: Int) -> Bool {
    tables[number].takes(pattern, isOctet: false) == false
  }

  /// Elements that follow from one: `ann@example.com` is in the domain `example.com`, and a text
  /// that is not empty is there.
  func derived(from element: Element) -> [Element] {
    var result: [Element] = []
    if let (domain, local) = sides[element.subject] {
      result += split(element, domain: domain, local: local)
    }
    if let presence = presences[element.subject], Self.takesEmpty(element.pattern) == false {
      result.append(Element(subject: presence, pattern: .any))
    }
    return result
  }

  /// The domain of an address is what stands behind its last `@`.
  private func split(_ element: Element, domain: Int, local: Int) -> [Element] {
    let (text, isWhole): ([UInt8], Bool)
    switch element.pattern {
    case .exactly(let exact): (text, isWhole) = (exact, true)
    case .suffix(let end): (text, isWhole) = (end, false)
    default: return []
    }
    guard let at = text.lastIndex(of: UInt8(ascii: "@")), at + 1 < text.count else { return [] }
    var result = [
      Element(
        subject: domain, pattern: .exactly(Array(text[(at + 1)...])), isOctet: element.isOctet)
    ]
    if isWhole, at > 0, text[..<at].allSatisfy({ $0 != UInt8(ascii: "\"") && $0 != 0x40 }) {
      result.append(
        Element(subject: local, pattern: .exactly(Array(text[..<at])), isOctet: element.isOctet))
    }
    return result
  }

  private static func takesEmpty(_ pattern: Pattern) -> Bool? {
    if case .any = pattern { return true }
    return pattern.takes([])
  }
}
