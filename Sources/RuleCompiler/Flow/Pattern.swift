// What a key asks of a value, in shapes that can be compared: one covers another when every value
// that the other takes is taken by it as well. A wrong yes would be a false warning, so whatever is
// not sure is no.

import TableText

/// The values that one key of a test takes.
enum Pattern: Hashable, Sendable {
  /// Any value, as long as there is one.
  case any
  case exactly([UInt8])
  case contains([UInt8])
  case prefix([UInt8])
  case suffix([UInt8])
  case glob(Glob)
  /// A domain and all below it.
  case domain([UInt8])
  /// What a table holds; its number in `FlowTables`.
  case table(Int)
  case network(AddressRange)
  case number(ClosedRange<Int64>)

  /// The pattern of a `:matches` key.
  static func matching(_ key: [UInt8]) -> Pattern {
    let glob = Glob(key)
    switch glob.pieces.count {
    case 0: return .exactly([])
    case 1:
      if case .literal(let text) = glob.pieces[0] { return .exactly(text) }
      return glob.pieces[0] == .star ? .any : .glob(glob)
    case 2:
      if case .literal(let text) = glob.pieces[0], glob.pieces[1] == .star { return .prefix(text) }
      if case .literal(let text) = glob.pieces[1], glob.pieces[0] == .star { return .suffix(text) }
    case 3:
      if case .literal(let text) = glob.pieces[1], glob.pieces[0] == .star,
        glob.pieces[2] == .star
      {
        return .contains(text)
      }
    default: break
    }
    return .glob(glob)
  }

  /// The text of a pattern that has one; used to fold it.
  func folded() -> Pattern {
    switch self {
    case .exactly(let text): .exactly(text.foldedASCII)
    case .contains(let text): .contains(text.foldedASCII)
    case .prefix(let text): .prefix(text.foldedASCII)
    case .suffix(let text): .suffix(text.foldedASCII)
    case .domain(let text): .domain(text.foldedASCII)
    case .glob(let glob): .glob(glob.folded())
    case .any, .table, .network, .number: self
    }
  }

  /// Pieces of text that every value taken holds, with those at its two ends.
  private var known: (inner: [[UInt8]], head: [UInt8], tail: [UInt8]) {
    switch self {
    case .exactly(let text): ([text], text, text)
    case .contains(let text): ([text], [], [])
    case .prefix(let text): ([text], text, [])
    case .suffix(let text): ([text], [], text)
    case .domain(let text): ([text], [], text)
    case .glob(let glob): (glob.literals, glob.head, glob.tail)
    case .any, .table, .network, .number: ([], [], [])
    }
  }

  /// Whether every value that `other` takes is taken by this pattern. Tables are asked by the
  /// caller, who knows them.
  func covers(_ other: Pattern) -> Bool {
    if self == other { return true }
    switch self {
    case .any: return true
    case .exactly, .table: return false
    case .contains(let text): return other.known.inner.contains { $0.holds(text) }
    case .prefix(let text): return other.known.head.starts(with: text)
    case .suffix(let text): return other.known.tail.ends(with: text)
    case .glob(let glob):
      if case .exactly(let text) = other { return glob.matches(text) == true }
      return false
    case .domain(let domain):
      switch other {
      case .exactly(let text), .domain(let text): return text.isDomain(in: domain)
      default: return false
      }
    case .network(let range):
      guard case .network(let inner) = other else { return false }
      return range.first <= inner.first && inner.last <= range.last
    case .number(let range):
      guard case .number(let inner) = other else { return false }
      return range.lowerBound <= inner.lowerBound && inner.upperBound <= range.upperBound
    }
  }

  /// Whether no single value is taken by both.
  func excludes(_ other: Pattern) -> Bool {
    switch (self, other) {
    case (.exactly(let text), _): return other.takes(text) == false
    case (_, .exactly(let text)): return takes(text) == false
    case (.prefix(let left), .prefix(let right)):
      return !left.starts(with: right) && !right.starts(with: left)
    case (.suffix(let left), .suffix(let right)):
      return !left.ends(with: right) && !right.ends(with: left)
    case (.domain(let left), .domain(let right)):
      return !left.isDomain(in: right) && !right.isDomain(in: left)
    case (.network(let left), .network(let right)):
      return left.last < right.first || right.last < left.first
    case (.number(let left), .number(let right)): return !left.overlaps(right)
    default: return false
    }
  }

  /// Whether the pattern takes this value; nil when that is not known here.
  func takes(_ value: [UInt8]) -> Bool? {
    switch self {
    case .any: true
    case .exactly(let text): value == text
    case .contains(let text): value.holds(text)
    case .prefix(let text): value.starts(with: text)
    case .suffix(let text): value.ends(with: text)
    case .glob(let glob): glob.matches(value)
    case .domain(let domain): value.isDomain(in: domain)
    case .table, .network, .number: nil
    }
  }
}

extension Glob {
  func folded() -> Glob {
    Glob(
      joining: pieces.map {
        if case .literal(let text) = $0 { .literal(text.foldedASCII) } else { $0 }
      })
  }

  private init(joining pieces: [Piece]) { self.pieces = pieces }
}

extension Array where Element == UInt8 {
  /// Letters A to Z in lower case, as `i;ascii-casemap` compares.
  var foldedASCII: [UInt8] { map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }

  var hasLetters: Bool { contains { (0x61...0x7A).contains($0 | 0x20) } }

  func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }

  /// Whether `text` stands in here. Keys are short; the work is bounded by their product.
  func holds(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return true }
    guard count >= text.count else { return false }
    for start in 0...count - text.count
    where self[start] == first && self[start..<start + text.count].elementsEqual(text) {
      return true
    }
    return false
  }

  /// The same domain or one below it.
  func isDomain(in domain: [UInt8]) -> Bool {
    if self == domain { return true }
    return count > domain.count && ends(with: domain)
      && self[count - domain.count - 1] == UInt8(ascii: ".")
  }
}
