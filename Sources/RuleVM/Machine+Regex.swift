// Regular expressions: those of the image, and those that a plain script builds as it runs.
internal import Patterns
internal import RuleBytecode

extension Machine {
  /// Whether any pattern of a set is found in the text.
  mutating func matchesPatterns(
    _ subject: Subject, _ set: KeySet, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let list = patterns.list(of: set, isCaseless: spec.comparator != .octet, program)
    return try firstFound(of: list, in: try legible(subject), spec) != nil
  }

  /// The first pattern of a table that is found in the text; of a very long one its beginning is
  /// looked at.
  mutating func firstPattern(
    ofTable index: Int, in text: ArraySlice<UInt8>
  ) throws(Trap) -> Int? {
    let spec = MatchSpec(type: .regex, firstSet: 0, setCount: 0)
    let bytes = text.prefix(ByteCost.tablePatternTextBytesMax)
    let subject = try legible(Subject(word: .empty, bytes: bytes))
    return try firstFound(of: tables.patterns[index], in: subject, spec)
  }

  /// The first pattern that is found. Each of them has to be paid for with a search for its literal
  /// at least, so one pass for all is below what the worst case counts.
  private mutating func firstFound(
    of list: PatternList, in subject: Subject, _ spec: MatchSpec
  ) throws(Trap) -> Int? {
    guard let sieve = list.sieve else {
      for (place, pattern) in list.patterns.enumerated()
      where try isFound(pattern, in: subject, spec) { return place }
      return nil
    }
    try charge(subject.bytes.count)
    var bits = Array(repeating: UInt64(0), count: BitRow.wordCount(sieve.count))
    sieve.mark(subject.bytes.span, &bits)
    return try firstFound(of: list, bits, 0..<sieve.count, in: subject, spec)
  }

  /// The first of the patterns that a sieve has let through; `range` are the bits of the list.
  mutating func firstFound(
    of list: PatternList, _ bits: [UInt64], _ range: Range<Int>, in subject: Subject,
    _ spec: MatchSpec
  ) throws(Trap) -> Int? {
    var next = range.lowerBound
    while let place = bits.nextBit(in: next..<range.upperBound) {
      try charge(ByteCost.keyVisit)
      let pattern = list.patterns[place - range.lowerBound]
      if try matches(subject, pattern, spec) { return place - range.lowerBound }
      next = place + 1
    }
    return nil
  }

  private mutating func isFound(
    _ pattern: ShelvedPattern, in subject: Subject, _ spec: MatchSpec
  ) throws(Trap) -> Bool {
    try charge(ByteCost.keyVisit)
    if let literal = pattern.needs.literal {
      try charge(subject.bytes.count)
      let mayMatch = subject.bytes.span.contains(
        literal.bytes.span, folding: literal.isFolded)
      if !mayMatch { return false }
    }
    return try matches(subject, pattern, spec)
  }

  /// PCRE2 reads UTF-8; around other bytes its answers depend on how it was compiled. So each of
  /// those counts as the control character SUB, which nobody writes a pattern for.
  mutating func legible(_ subject: Subject) throws(Trap) -> Subject {
    try charge(subject.bytes.count * ByteCost.comparePerByte)
    if UTF8Check.isValid(subject.bytes) { return subject }
    var legible = subject
    var bytes = Array(subject.bytes)
    var at = 0
    while at < bytes.count {
      let (scalar, length) = bytes[...].character(at: at)
      if scalar == nil { bytes[at] = 0x1A }
      at += length
    }
    legible.bytes = bytes[...]
    return legible
  }

  private mutating func matches(
    _ subject: Subject, _ pattern: ShelvedPattern, _ spec: MatchSpec
  ) throws(Trap) -> Bool {
    let facts = pattern.facts
    let bytes = subject.bytes.count
    try charge(ByteCost.patternVisit)
    guard let compiled = pattern.compiled else { throw .badPattern(pattern.source) }
    if facts.countsSteps { return try matchesCounting(subject, compiled, spec) }
    var start = 0
    var steps = facts.stepsPerByte
    if facts.needsStart {
      guard let finder = pattern.startFinder else { throw .badPattern(pattern.source) }
      try charge((bytes + 1) * ByteCost.findStartPerByte)
      var work = 0
      let found = finder.start(in: subject.bytes.span, anyPlace: !spec.captures, work: &work)
      try charge(work * finder.size)
      guard let found else { return false }
      if !spec.captures { return true }
      start = found
      // The finder's share was paid by what it made.
      steps = max(0, steps - finder.size)
    }
    try charge((bytes + 1) * (steps + 1))
    // The analysis has shown that it cannot take more; its bound is for the whole text, so for one
    // place there is room.
    let most = (steps + 1) * (bytes + 2) * 2 + 1_000
    let limits = MatchLimits(stepsMax: UInt32(clamping: most))
    return apply(compiled, subject, from: start, isAnchored: facts.needsStart, limits, spec)
  }

  /// A pattern whose steps are counted is paid for afterwards, and never takes more than is left
  /// for this test.
  private mutating func matchesCounting(
    _ subject: Subject, _ compiled: CompiledPattern, _ spec: MatchSpec
  ) throws(Trap) -> Bool {
    let most = spec.backtrack == 0 ? limits.patternStepsMax : Int(spec.backtrack)
    let affordable = max(0, fuel) / ByteCost.patternStep
    var limits = MatchLimits(
      stepsMax: UInt32(clamping: min(max(0, most - stepsTaken), affordable)))
    limits.depthMax = .max
    let before = stepsTaken
    let hit = apply(compiled, subject, from: 0, isAnchored: false, limits, spec)
    try charge((stepsTaken - before) * ByteCost.patternStep)
    return hit
  }

  private mutating func apply(
    _ compiled: CompiledPattern, _ subject: Subject, from start: Int, isAnchored: Bool,
    _ limits: MatchLimits, _ spec: MatchSpec
  ) -> Bool {
    patternRuns += 1
    let groupCount = spec.captures ? min(compiled.groupCount + 1, ImageFormat.matchGroupsMax) : 0
    let found = patterns.matchers.lend { matcher in
      let outcome = matcher.match(
        compiled, subject.bytes.span, from: start, isAnchored: isAnchored, limits: limits)
      let groups =
        outcome == .match ? (0..<groupCount).map { matcher.group($0) } : [Range<Int>?]()
      return (outcome, groups, matcher.stepsTaken(of: limits))
    }
    guard let (outcome, groups, steps) = found else {
      metMatchLimit = true
      return false
    }
    stepsTaken += steps
    if outcome == .limit { metMatchLimit = true }
    if outcome == .match, spec.captures { keepGroups(of: subject, groups) }
    return outcome == .match
  }

  // MARK: Built at run time

  /// A pattern of a plain script with `${…}` in it (RFC 5229 and the regex draft together). What
  /// is none matches nothing, and the log says so: a sender may have chosen it.
  mutating func matchesBuiltPattern(
    _ subject: Subject, _ key: ArraySlice<UInt8>, _ spec: MatchSpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    try charge(ByteCost.keyVisit + ByteCost.patternVisit)
    let subject = try legible(subject)
    let wanted = BuiltPatterns.Key(text: Array(key), isCaseless: spec.comparator != .octet)
    if let known = builtPatterns.known[wanted] {
      guard let known else { return false }
      return try matchesCounting(subject, known, spec)
    }
    guard builtPatterns.known.count < limits.builtPatternsMax else {
      try noteBuiltPattern("more than \(limits.builtPatternsMax) patterns built", program)
      return false
    }
    guard key.count <= limits.builtPatternBytesMax else {
      try noteBuiltPattern("longer than \(limits.builtPatternBytesMax) bytes", program)
      return false
    }
    try charge(ByteCost.patternCompileBase + key.count * ByteCost.patternCompilePerByte)
    let text = String(decoding: key, as: UTF8.self)
    let options = PatternOptions(isCaseless: wanted.isCaseless, countsSteps: true)
    let compiled: CompiledPattern
    do throws(PatternMistake) {
      compiled = try CompiledPattern(text, options)
    } catch {
      builtPatterns.known[wanted] = .some(nil)
      try noteBuiltPattern(error.message, program)
      return false
    }
    builtPatterns.known[wanted] = .some(compiled)
    return try matchesCounting(subject, compiled, spec)
  }

  private mutating func noteBuiltPattern(
    _ reason: String, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    guard builtPatterns.noted.insert(reason).inserted else { return }
    let text = "a pattern built at run time matches nothing: \(reason)"
    try keepInRecords(text.utf8.count)
    decisions.log.append(
      LogRecord(level: .error, text: text, rule: currentRule(program)?.name))
  }
}

/// Patterns built by the rules of one message; nil for a text that is none.
struct BuiltPatterns {
  struct Key: Hashable {
    let text: [UInt8]
    let isCaseless: Bool
  }

  var known: [Key: CompiledPattern?] = [:]
  /// What the log says already.
  var noted: Set<String> = []
}
