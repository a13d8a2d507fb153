// Queries of a policy that look for patterns in one field. All patterns of a field stand in one
// sieve, so that the field is read once however many rules ask; what the pass found is kept with
// the field's values as long as they stay as they are.
internal import Patterns
internal import RuleBytecode
internal import Synchronization

/// What the values of a field are, and what they may hold of its patterns.
struct FieldAnswer {
  let values: [TextWord]
  /// A row of bits for each value; nil where there would be too many.
  let rows: [UInt64]?
  /// All rows together.
  let any: [UInt64]

  /// Words of all rows; more values than go into them are compared with each pattern.
  static let wordsMax = 1 << 14
}

/// Answers by the number of their field.
struct FieldAnswers {
  private var known: [FieldAnswer?] = []

  subscript(field: Int) -> FieldAnswer? {
    get { field < known.count ? known[field] : nil }
    set {
      while known.count <= field { known.append(nil) }
      known[field] = newValue
    }
  }

  mutating func forget() { if !known.isEmpty { known = [] } }
}

/// Where a query's patterns stand in the sieve of its field.
struct SievePlace: Equatable {
  let field: Int
  let patterns: Range<Int>
}

struct FieldSieves: Sendable {
  /// Patterns of one field; queries past them look by themselves.
  static let patternsMax = 1 << 15

  /// By the query's index; empty where no field has enough patterns.
  private var places: [SievePlace?] = []
  private(set) var sieves: [LazySieve] = []

  init() {}

  /// A field is what a query asks without how it compares.
  init(_ program: Program) {
    var fields: [QuerySpec: [(query: Int, spec: MatchSpec)]] = [:]
    var order: [QuerySpec] = []
    for (index, query) in program.queries.enumerated() {
      guard query.isOfField, program.specs[Int(query.spec) - 1].isSieved(program) else { continue }
      var field = query
      field.spec = 0
      if fields[field] == nil { order.append(field) }
      fields[field, default: []].append((index, program.specs[Int(query.spec) - 1]))
    }
    for field in order { add(fields[field] ?? [], program) }
  }

  private mutating func add(_ queries: [(query: Int, spec: MatchSpec)], _ program: Program) {
    var added: [(query: Int, patterns: Range<Int>)] = []
    var members: [LazySieve.Member] = []
    var (count, wholeBytes) = (0, 0)
    for (query, spec) in queries {
      let set = program.sets[Int(spec.firstSet)]
      let more = set.patternCount
      let bytes = spec.type == .contains ? program.entryBytes(of: set) : 0
      guard count + more <= Self.patternsMax, wholeBytes + bytes <= PatternSieve.textBytesMax
      else { continue }
      added.append((query, count..<count + more))
      members.append(LazySieve.Member(set: set, spec: spec))
      count += more
      wholeBytes += bytes
    }
    guard count >= PatternSieve.patternsMin else { return }
    if places.isEmpty { places = Array(repeating: nil, count: program.queries.count) }
    for (query, patterns) in added {
      places[query] = SievePlace(field: sieves.count, patterns: patterns)
    }
    sieves.append(LazySieve(members))
  }

  func place(ofQuery index: Int) -> SievePlace? { index < places.count ? places[index] : nil }
}

/// A sieve that is made when a text first comes to it, and shared by all sessions.
final class LazySieve: Sendable {
  struct Member: Sendable {
    let set: KeySet
    let spec: MatchSpec
  }

  private let members: [Member]
  private let made = Mutex<PatternSieve?>(nil)

  init(_ members: [Member]) { self.members = members }

  func ready(_ shelf: PatternShelf, _ program: borrowing VerifiedProgram) -> PatternSieve {
    if let known = made.withLock({ $0 }) { return known }
    var needs: [PatternSieve.Need] = []
    for member in members { needs += shelf.needs(of: member.set, member.spec, program) }
    let sieve = PatternSieve(needs)
    // Two sessions may have made it side by side.
    made.withLock { $0 = sieve }
    return sieve
  }
}

extension QuerySpec {
  /// Its values are the same whenever it is asked of a message, as long as that is not edited.
  fileprivate var isOfField: Bool {
    guard spec > 0, loop == 0, textCount == 0 else { return false }
    switch source {
    case .header: return detail == MIMEAspect.whole.rawValue && !flags.contains(.mime)
    case .body: return true
    default: return false
    }
  }
}

extension MatchSpec {
  /// One set of constant keys: patterns, or texts that the sieve finds by itself.
  fileprivate func isSieved(_ program: Program) -> Bool {
    guard keyCount == 0, setCount == 1, !everyCandidate else { return false }
    let set = program.sets[Int(firstSet)]
    switch type {
    case .regex: return set.kind == .patterns
    case .contains:
      return set.kind == .ordered && comparator == .asciiCasemap
        && (Int(set.first)..<Int(set.first) + Int(set.count)).allSatisfy {
          PatternSieve.isWhole(program.bytes(ofEntry: $0))
        }
    default: return false
    }
  }
}

extension KeySet {
  /// Patterns come with their facts.
  var patternCount: Int { Int(count) / (kind == .patterns ? 2 : 1) }
}

extension Program {
  func bytes(ofEntry index: Int) -> ArraySlice<UInt8> {
    let range = entries[index]
    return stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)]
  }

  fileprivate func entryBytes(of set: KeySet) -> Int {
    entries[Int(set.first)..<Int(set.first) + Int(set.count)].reduce(0) { $0 + Int($1.length) }
  }
}
