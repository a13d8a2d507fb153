// A text that every match of a pattern holds: looking for it costs a hundredth of a match, and most
// mail does not hold it.

/// Bytes that every match holds.
package struct RequiredLiteral: Equatable, Hashable, Sendable {
  /// ASCII letters in lower case if `isFolded`.
  package let bytes: [UInt8]
  /// ASCII letters of the text are to be compared in lower case.
  package let isFolded: Bool

  /// The longest text that every match of a pattern holds, if the pattern fixes one.
  package static func of(
    _ source: String, isCaseless: Bool, limits: PatternLimits = PatternLimits()
  ) -> RequiredLiteral? {
    let parsed = try? PatternParser.parse(source, isCaseless: isCaseless, limits: limits)
    return parsed.flatMap { LiteralFinder.literal(in: $0.root) }
  }
}

/// Collects the runs of characters that a pattern fixes, and keeps the longest.
struct LiteralFinder {
  private struct Run {
    var bytes: [UInt8] = []
    var isFolded = false
  }

  private var run = Run()
  private var best = Run()

  static func literal(in root: PatternNode) -> RequiredLiteral? {
    var finder = LiteralFinder()
    finder.visit(root)
    finder.close()
    if finder.best.bytes.isEmpty { return nil }
    return RequiredLiteral(bytes: finder.best.bytes, isFolded: finder.best.isFolded)
  }

  private mutating func close() {
    if run.bytes.count > best.bytes.count { best = run }
    run = Run()
  }

  private mutating func visit(_ node: PatternNode) {
    switch node {
    case .empty, .begin, .end, .condition, .unboundedLook: break
    case .set(let set, _): append(set)
    case .concat(let nodes): for node in nodes { visit(node) }
    case .choice: close()
    case .repeated(let node, let times):
      guard times.min > 0 else { return close() }
      visit(node)
      if times.max != 1 { close() }
    }
  }

  private mutating func append(_ set: ScalarSet) {
    if let scalar = set.only.flatMap({ Unicode.Scalar($0) }) {
      // A letter that must be upper case cannot stand in a run that is compared in lower case:
      // it only has to be there in some case, so lower case is right for the run.
      run.bytes += Array(String(scalar).utf8)
      return
    }
    // Both cases of a letter. `k` and `s` have a third form outside ASCII: they end the run.
    let members = set.ranges.flatMap { $0.count == 1 ? [$0.lowerBound] : [] }
    guard set.ranges.count == 2, members.count == 2, members[0] ^ 0x20 == members[1],
      members[1] &- 97 < 26
    else { return close() }
    run.bytes.append(UInt8(members[1]))
    run.isFolded = true
  }
}

extension PatternNode {
  /// The text that the pattern is, when it is nothing but a text.
  var asLiteral: (text: String, begins: Bool, ends: Bool)? {
    let nodes = if case .concat(let nodes) = self { nodes } else { [self] }
    var rest = nodes[...]
    var begins = false
    var ends = false
    if case .begin? = rest.first {
      begins = true
      rest.removeFirst()
    }
    if case .end? = rest.last {
      ends = true
      rest.removeLast()
    }
    var text = ""
    for node in rest {
      guard case .set(let set, _) = node, let scalar = set.asLetter else { return nil }
      text.unicodeScalars.append(scalar)
    }
    return text.isEmpty ? nil : (text, begins, ends)
  }

  /// A leading `.*` of a pattern that may begin anywhere, with its place.
  var uselessStart: Range<Int>? {
    guard case .concat(let nodes) = self else { return nil }
    var rest = nodes[...]
    if case .begin? = rest.first { rest.removeFirst() }
    guard case .repeated(.set(let set, let place), let times)? = rest.first, rest.count > 1,
      set == .all, times == Repetition(min: 0, max: nil)
    else { return nil }
    return place.lowerBound..<place.upperBound + 1
  }
}

extension ScalarSet {
  /// The letter whose cases these are, or the one member.
  fileprivate var asLetter: Unicode.Scalar? {
    if let only { return Unicode.Scalar(only) }
    guard count <= 3, let low = ranges.first?.lowerBound, low &- 65 < 26, contains(low ^ 0x20)
    else {
      return nil
    }
    return Unicode.Scalar(low ^ 0x20)
  }
}
