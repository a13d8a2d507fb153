// Under which conditions the run (the rule, the chain) has ended already, kept so that ten thousand
// rules are compared with those before them in about linear time: each conjunction stands under
// the keys of one of its literals, and a question looks up what could cover its own keys.
//
// Sound: an entry says "if all of this was true, it ended". A question is answered with yes only
// when each of its keys has an entry that covers it and whose other literals follow from the
// question. Every cap only forgets entries.

import TableText

/// Who decides, for the note.
struct Decider: Equatable, Sendable {
  /// A rule's name, or nil for a branch of the same chain.
  let rule: String?
  /// The condition, or the verdict where there is none.
  let range: SourceRange
  /// It ends every run that comes there: all that follows is dead for this one reason.
  var isUnconditional = false
}

struct DecidedIndex: Sendable {
  private struct Entry: Sendable {
    let rest: [Literal]
    let decider: Decider
  }

  private enum Shape: Hashable, Sendable {
    case any, exactly, contains, prefix, suffix, domain, glob
    case network(UInt8)
  }

  private struct Key: Hashable, Sendable {
    let subject: Int
    let shape: Shape
    let isOctet: Bool
    let text: [UInt8]

    var withoutText: Key { Key(subject: subject, shape: shape, isOctet: isOctet, text: []) }
  }

  private var entries: [Entry] = []
  private var places: [Key: [Int]] = [:]
  /// Lengths of the texts of a shape, so that only these are looked up.
  private var lengths: [Key: Set<Int>] = [:]
  private var prefixes: [Int: Set<UInt8>] = [:]
  private var globs: [Int: [(Element, Int)]] = [:]
  private var tables: [Int: [(Element, Int)]] = [:]
  private var numbers: [Int: [(Element, Int)]] = [:]
  /// Entries with no positive literal.
  private var negatives: [Int] = []
  private var always: Decider?

  /// Entries under one key, and elements of one subject in the short lists.
  private static let bucketMax = 16
  private static let listMax = 64
  private static let elementsMax = 100_000

  // MARK: Adding

  mutating func add(_ conjunction: Conjunction, _ decider: Decider) {
    if conjunction.literals.isEmpty {
      always = always ?? decider
      return
    }
    guard let primary = primary(of: conjunction) else {
      if negatives.count < Self.listMax {
        negatives.append(entries.count)
        entries.append(Entry(rest: conjunction.literals, decider: decider))
      }
      return
    }
    let literal = conjunction.literals[primary]
    guard literal.elements.count <= Self.elementsMax else { return }
    var rest = conjunction.literals
    rest.remove(at: primary)
    entries.append(Entry(rest: rest, decider: decider))
    for element in literal.elements { file(element, under: entries.count - 1) }
  }

  /// The positive literal whose keys are the least used so far: the last of equals, since what is
  /// special stands last.
  private func primary(of conjunction: Conjunction) -> Int? {
    var best: (index: Int, used: Int)?
    for (index, literal) in conjunction.literals.enumerated() where literal.isPositive {
      guard let element = literal.elements.first else { continue }
      let used = places[Self.key(of: element)]?.count ?? 0
      if best.map({ used <= $0.used }) ?? true { best = (index, used) }
    }
    return best?.index
  }

  private mutating func file(_ element: Element, under entry: Int) {
    switch element.pattern {
    case .table: Self.append(element, entry, to: &tables)
    case .number: Self.append(element, entry, to: &numbers)
    case .glob: Self.append(element, entry, to: &globs)
    case .network(let range):
      prefixes[element.subject, default: []].insert(range.prefixLength)
    default: break
    }
    let key = Self.key(of: element)
    lengths[key.withoutText, default: []].insert(key.text.count)
    if places[key, default: []].count < Self.bucketMax { places[key, default: []].append(entry) }
  }

  private static func append(
    _ element: Element, _ entry: Int, to lists: inout [Int: [(Element, Int)]]
  ) {
    guard lists[element.subject, default: []].count < listMax else { return }
    lists[element.subject, default: []].append((element, entry))
  }

  private static func key(of element: Element) -> Key {
    let (shape, text): (Shape, [UInt8]) =
      switch element.pattern {
      case .any: (.any, [])
      case .exactly(let text): (.exactly, text)
      case .contains(let text): (.contains, text)
      case .prefix(let text): (.prefix, text)
      case .suffix(let text): (.suffix, text)
      case .domain(let text): (.domain, text)
      case .glob(let glob): (.glob, glob.literals.first ?? [])
      case .network(let range): (.network(range.prefixLength), range.bytes)
      case .table, .number: (.glob, [])
      }
    return Key(subject: element.subject, shape: shape, isOctet: element.isOctet, text: text)
  }

  // MARK: Asking

  /// Who ends every run for which the conjunction holds; nil when nobody is known to.
  func deciders(of conjunction: Conjunction, _ facts: FlowFacts) -> [Decider]? {
    if let always { return [always] }
    if entries.isEmpty { return nil }
    for index in negatives where holds(entries[index].rest, in: conjunction, facts) {
      return [entries[index].decider]
    }
    for literal in conjunction.literals where literal.isPositive {
      // A long list that holds for all around here was asked about where it was opened.
      if literal.origin != nil && literal.elements.count > Self.listMax { continue }
      if let found = deciders(of: literal.elements, conjunction, facts) { return found }
    }
    return nil
  }

  private func deciders(
    of elements: [Element], _ conjunction: Conjunction, _ facts: FlowFacts
  ) -> [Decider]? {
    var found: [Decider] = []
    for element in elements {
      guard let decider = decider(of: element, conjunction, facts) else { return nil }
      if found.count < 3, !found.contains(decider) { found.append(decider) }
    }
    return found.isEmpty ? nil : found
  }

  private func decider(
    of element: Element, _ conjunction: Conjunction, _ facts: FlowFacts
  ) -> Decider? {
    if let found = directDecider(of: element, conjunction, facts) { return found }
    for other in facts.derived(from: element) {
      if let found = directDecider(of: other, conjunction, facts) { return found }
    }
    // A short table is covered when each of its entries is.
    guard case .table(let number) = element.pattern, let patterns = facts.tables[number].patterns,
      patterns.count <= Self.listMax
    else { return nil }
    var found: Decider?
    for pattern in patterns {
      let entry = Element(
        subject: element.subject, pattern: element.isOctet ? pattern : pattern.folded(),
        isOctet: element.isOctet)
      found = decider(of: entry, conjunction, facts)
      if found == nil { return nil }
    }
    return found
  }

  private func directDecider(
    of element: Element, _ conjunction: Conjunction, _ facts: FlowFacts
  ) -> Decider? {
    var found: Decider?
    candidates(for: element, facts) { index in
      guard holds(entries[index].rest, in: conjunction, facts) else { return false }
      found = entries[index].decider
      return true
    }
    return found
  }

  private func holds(
    _ literals: [Literal], in conjunction: Conjunction, _ facts: FlowFacts
  ) -> Bool {
    literals.allSatisfy { conjunction.implies($0, facts) }
  }

  // MARK: Looking up

  /// Gives entries under a key that covers the element, until `body` is content.
  private func candidates(
    for element: Element, _ facts: FlowFacts, _ body: (Int) -> Bool
  ) {
    let forms =
      element.isOctet
      ? [element, Element(subject: element.subject, pattern: element.pattern.folded())]
      : [element]
    for form in forms where keys(covering: form, body) { return }
    for lists in [tables, numbers, globs] {
      for (outer, entry) in lists[element.subject] ?? []
      where facts.covers(outer, element) && body(entry) { return }
    }
  }

  private func keys(covering element: Element, _ body: (Int) -> Bool) -> Bool {
    if visit(.any, [], element, body) { return true }
    switch element.pattern {
    case .exactly(let text):
      return visit(.exactly, text, element, body) || pieces(of: text, element, body)
        || starts(of: text, element, body) || ends(of: text, element, body)
        || domains(of: text, element, body)
    case .contains(let text): return pieces(of: text, element, body)
    case .prefix(let text):
      return pieces(of: text, element, body) || starts(of: text, element, body)
    case .suffix(let text):
      return pieces(of: text, element, body) || ends(of: text, element, body)
    case .domain(let text): return domains(of: text, element, body)
    case .glob(let glob):
      return glob.literals.contains { pieces(of: $0, element, body) }
        || starts(of: glob.head, element, body) || ends(of: glob.tail, element, body)
    case .network(let range): return networks(around: range, element, body)
    case .any, .table, .number: return false
    }
  }

  private func visit(
    _ shape: Shape, _ text: [UInt8], _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    let key = Key(
      subject: element.subject, shape: shape, isOctet: element.isOctet, text: text)
    return places[key]?.contains(where: body) ?? false
  }

  private func lengths(_ shape: Shape, _ element: Element) -> Set<Int> {
    let key = Key(subject: element.subject, shape: shape, isOctet: element.isOctet, text: [])
    return lengths[key] ?? []
  }

  /// Substrings that stand in the text.
  private func pieces(
    of text: [UInt8], _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    guard text.count <= Self.textBytesMax else { return false }
    for length in lengths(.contains, element) where length <= text.count {
      for start in 0...text.count - length {
        let piece = Array(text[start..<start + length])
        if visit(.contains, piece, element, body) { return true }
      }
    }
    return false
  }

  /// Longer keys are not taken apart.
  private static let textBytesMax = 256

  private func starts(
    of text: [UInt8], _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    lengths(.prefix, element).contains { length in
      length <= text.count && visit(.prefix, Array(text[..<length]), element, body)
    }
  }

  private func ends(
    of text: [UInt8], _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    lengths(.suffix, element).contains { length in
      length <= text.count
        && visit(.suffix, Array(text[(text.count - length)...]), element, body)
    }
  }

  private func domains(
    of text: [UInt8], _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    if lengths(.domain, element).isEmpty { return false }
    return FlowTable.ends(of: text).contains { visit(.domain, $0, element, body) }
  }

  private func networks(
    around range: AddressRange, _ element: Element, _ body: (Int) -> Bool
  ) -> Bool {
    (prefixes[element.subject] ?? []).contains { length in
      guard length <= range.prefixLength else { return false }
      return visit(.network(length), range.widened(to: length).bytes, element, body)
    }
  }
}

extension AddressRange {
  /// Bits that all of its addresses share; a range of the policy is always a network.
  var prefixLength: UInt8 { UInt8((first ^ last).leadingZeroBitCount) }

  /// The network of that many bits around it.
  func widened(to length: UInt8) -> AddressRange {
    let hostBits = 128 - UInt128(length)
    let mask: UInt128 = hostBits == 128 ? .max : (1 << hostBits) - 1
    return AddressRange(first: first & ~mask, last: first | mask)
  }
}
