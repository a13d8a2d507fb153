// Finds texts that every match of a pattern must hold: the runs of characters that the pattern
// fixes, and where it leaves a choice, all ways through a few of them. It trusts the tree to hold
// more than PCRE2 matches, never less: a set has every character that can match there, what cannot
// be told takes nothing. Where in doubt a run ends.

/// Goes through a pattern's tree once; recursion is bounded by the parser's limit on groups.
struct LiteralFinder {
  /// Texts of which a stretch of each match is one.
  struct Run {
    var texts: [[UInt8]]
    /// Letters stand for both cases, so that they are compared in lower case.
    var isFolded = false
    var hasThirdForms = false

    static let nothing = Run(texts: [[]])

    /// The least that is known to be there.
    var shortest: Int { texts.reduce(.max) { min($0, $1.count) } }
  }

  private struct Found {
    /// What every match of the node begins and ends with; all of it, if `isExact`.
    var start: Run
    var end: Run
    var isExact: Bool
    /// Texts of which every match of the node holds one.
    var best: Run?

    static let unknown = Found(start: .nothing, end: .nothing, isExact: false, best: nil)

    init(start: Run, end: Run, isExact: Bool, best: Run?) {
      (self.start, self.end, self.isExact, self.best) = (start, end, isExact, best)
    }

    init(exact: Run, best: Run? = nil) {
      self.init(start: exact, end: exact, isExact: true, best: best)
    }

    var exact: Run? { isExact ? start : nil }
  }

  /// Ways that a run may go.
  private let textsMax: Int
  /// Alternatives that a whole pattern may have.
  private let choicesMax: Int
  private let bytesMax: Int
  /// For many patterns in one pass over a text in lower case.
  private let isForMany: Bool

  private init(isForMany: Bool, _ limits: PatternLimits) {
    self.isForMany = isForMany
    textsMax = isForMany ? limits.literalWaysMax : 1
    choicesMax = isForMany ? limits.literalsMax : 1
    bytesMax = limits.literalBytesMax
  }

  static func literal(in root: PatternNode, _ limits: PatternLimits) -> RequiredLiteral? {
    let finder = LiteralFinder(isForMany: false, limits)
    guard let best = finder.find(root).best, let bytes = best.texts.first else { return nil }
    // A letter that must be upper case only has to be there in some case, where others are compared
    // in lower case.
    return RequiredLiteral(
      bytes: best.isFolded ? bytes.map(\.inLowerCase) : bytes, isFolded: best.isFolded)
  }

  static func texts(in root: PatternNode, _ limits: PatternLimits) -> RequiredTexts? {
    let finder = LiteralFinder(isForMany: true, limits)
    guard let best = finder.find(root).best, best.shortest >= limits.literalBytesMin else {
      return nil
    }
    return RequiredTexts(texts: best.texts, hasThirdForms: best.hasThirdForms)
  }

  private func find(_ node: PatternNode) -> Found {
    switch node {
    case .empty, .begin, .end, .condition, .unboundedLook: return Found(exact: .nothing)
    case .set(let set, _):
      guard let run = run(of: set) else { return .unknown }
      return Found(exact: run, best: run)
    case .concat(let nodes): return sequence(nodes)
    case .choice(let nodes): return choice(nodes)
    case .repeated(let node, let times): return repetition(find(node), times)
    }
  }

  private func sequence(_ nodes: [PatternNode]) -> Found {
    var result = Found(exact: .nothing)
    var run = Run.nothing
    for node in nodes {
      let found = find(node)
      result.best = better(result.best, found.best)
      if found.isExact, let longer = joined(run, found.start) {
        run = longer
        continue
      }
      let closed = joined(run, found.start) ?? run
      result.best = better(result.best, closed)
      if result.isExact { result.start = closed }
      result.isExact = false
      run = found.end
    }
    result.best = better(result.best, run)
    if result.isExact { result.start = run }
    result.end = run
    return result
  }

  private func choice(_ nodes: [PatternNode]) -> Found {
    let found = nodes.map(find)
    let best = united(found.map(\.best), atMost: choicesMax)
    guard let exact = united(found.map(\.exact), atMost: textsMax) else {
      return Found(start: .nothing, end: .nothing, isExact: false, best: best)
    }
    return Found(exact: exact, best: best)
  }

  private func repetition(_ found: Found, _ times: PatternNode.Repetition) -> Found {
    guard times.min > 0 else {
      guard times.max == 1, let either = united([found.exact, .nothing], atMost: textsMax) else {
        return .unknown
      }
      return Found(exact: either)
    }
    guard let once = found.exact else {
      return Found(start: found.start, end: found.end, isExact: false, best: found.best)
    }
    var run = once
    var copies = 1
    while copies < times.min, let longer = joined(run, once), longer.shortest > run.shortest {
      run = longer
      copies += 1
    }
    return Found(
      start: run, end: run, isExact: times.max == times.min && copies == times.min,
      best: better(found.best, run))
  }

  /// One behind the other; nil when these are too many, or too long.
  private func joined(_ left: Run, _ right: Run) -> Run? {
    guard left.texts.count * right.texts.count <= textsMax else { return nil }
    let texts = left.texts.flatMap { first in right.texts.map { first + $0 } }
    guard texts.allSatisfy({ $0.count <= bytesMax }) else { return nil }
    return Run(
      texts: texts, isFolded: left.isFolded || right.isFolded,
      hasThirdForms: left.hasThirdForms || right.hasThirdForms)
  }

  /// Any of them; nil when one is not known, or these are too many.
  private func united(_ runs: [Run?], atMost most: Int) -> Run? {
    var whole = Run(texts: [])
    for run in runs {
      guard let run else { return nil }
      for text in run.texts where !whole.texts.contains(text) { whole.texts.append(text) }
      guard whole.texts.count <= most else { return nil }
      whole.isFolded = whole.isFolded || run.isFolded
      whole.hasThirdForms = whole.hasThirdForms || run.hasThirdForms
    }
    return whole
  }

  /// The one that holds more: a byte tells as much as four ways. Nothing says nothing.
  private func better(_ left: Run?, _ right: Run?) -> Run? {
    guard let right, right.shortest > 0 else { return left }
    guard let left else { return right }
    func worth(_ run: Run) -> Int { 4 * run.shortest - run.texts.count }
    return worth(right) > worth(left) ? right : left
  }

  // MARK: Characters

  /// One character of a set.
  private func run(of set: ScalarSet) -> Run? {
    // Of each letter there may be both cases.
    guard set.count <= 2 * textsMax + 2 else { return nil }
    var members = set.ranges.flatMap { Array($0) }
    var result = Run(texts: [])
    if isForMany {
      for (letter, third) in [(UInt32(107), UInt32(0x212A)), (115, 0x17F)]
      where members.contains(third) && (members.contains(letter) || members.contains(letter - 32)) {
        members.removeAll { $0 == third }
        result.hasThirdForms = true
      }
    } else if members.count == 2, members[0] ^ 0x20 == members[1], members[1] &- 97 < 26 {
      members.removeFirst()
      result.isFolded = true
    }
    for member in members {
      // What is no UTF-8 in a text is read as this one.
      guard member != 0x1A, let scalar = Unicode.Scalar(member) else { return nil }
      var bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      if isForMany { bytes = bytes.map(\.inLowerCase) }
      if !result.texts.contains(bytes) { result.texts.append(bytes) }
    }
    return result.texts.count <= textsMax && !result.texts.isEmpty ? result : nil
  }
}

extension UInt8 {
  fileprivate var inLowerCase: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}
