// What comparing costs: values and their bytes against keys, as `Machine+Match.swift` charges it.

extension CostEstimate {
  /// A query's own work and its comparisons, in all runs together.
  func work(
    of query: QuerySpec, _ measure: QueryMeasure, _ bounds: TextBounds, _ occasion: Occasion
  ) -> (fuel: Int, what: String) {
    let name = query.source.name
    var each = measure.work
    var ofParts = measure.workOfParts
    var again = 0
    var kept = Int.max
    var what = name
    if query.spec > 0 {
      let spec = program.specs[Int(query.spec) - 1]
      let keys = builtKeys(spec, bounds)
      each = Int.cost(Int.cost(each, plus: keys.each), plus: match(spec, measure, bounds))
      ofParts = Int.cost(ofParts, plus: keys.ofParts)
      if measure.bytesOfParts + measure.valuesOfParts > 0 {
        let parts = QueryMeasure(values: measure.valuesOfParts, bytes: measure.bytesOfParts)
        ofParts = Int.cost(ofParts, plus: match(spec, parts, bounds))
      }
      if measure.keptBytes < .max, keys.ofParts == 0 {
        let short = QueryMeasure(values: measure.values, bytes: measure.keptBytes)
        let base = Int.cost(measure.work, plus: keys.each)
        kept = Int.cost(base, plus: match(spec, short, bounds))
      }
      if isAskedAgain(spec) {
        let once = Int.cost(Int.cost(each, plus: ofParts), plus: query.source.info.cost)
        again = Int.cost(once, times: answers(occasion))
      }
      what += " :\(spec.type.name), \(keyCount(spec)) \(keyCount(spec) == 1 ? "key" : "keys")"
    }
    if asksForArchives(query) {
      // Of a part once more, of all parts as often as there may be answers.
      let times = query.source == .anomaly ? caps.checks + 1 : 2
      each = Int.cost(Int.cost(each, plus: query.source.info.cost), times: times)
      ofParts = Int.cost(ofParts, times: 2)
    }
    if query.source == .text {
      let bytes = TextBound(each: each, ofParts: ofParts, kept: kept).bytes(in: occasion)
      return (Int.cost(bytes, plus: again), what)
    }
    let fuel = Int.cost(
      Int.cost(each, times: occasion.times), plus: Int.cost(ofParts, times: occasion.timesOfPart))
    return (Int.cost(fuel, plus: again), what)
  }

  /// Comparing all values with all keys.
  func match(_ spec: MatchSpec, _ given: QueryMeasure, _ bounds: TextBounds) -> Int {
    var measure = given
    // Of all values only their number is compared.
    if spec.type == .count { measure.bytes = 0 }
    if spec.type == .count, measure.values > 0 { (measure.values, measure.bytes) = (1, 20) }
    var fuel = Int.cost(measure.values, times: ByteCost.valueVisit)
    if spec.foldsUnicode {
      fuel = Int.cost(fuel, plus: Int.cost(measure.bytes, times: ByteCost.foldUnicodePerByte))
      measure.bytes = Int.cost(measure.bytes, times: Self.unicodeGrowth)
    }
    for index in Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount) {
      fuel = Int.cost(fuel, plus: self.fuel(ofSet: index, spec, measure))
    }
    for register in Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount) {
      let bound = bounds[register]
      var bytes = Int.cost(bound.each, plus: bound.ofParts)
      if spec.type == .matches { bytes = min(bytes, caps.wildcardKeyBytes) }
      if spec.foldsUnicode { bytes = Int.cost(bytes, times: Self.unicodeGrowth) }
      fuel = Int.cost(fuel, plus: key(bytes, spec, measure))
    }
    return Int.cost(fuel, plus: countedSteps(spec))
  }

  /// A decomposed character takes at most three times its bytes in UTF-8.
  private static let unicodeGrowth = 3

  /// Keys that are built at run time: read once for all values.
  func builtKeys(_ spec: MatchSpec, _ bounds: TextBounds) -> TextBound {
    var result = TextBound()
    let perByte = 1 + (spec.foldsUnicode ? ByteCost.foldUnicodePerByte : 0)
    for register in Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount) {
      let bound = bounds[register]
      result.each = Int.cost(result.each, plus: Int.cost(bound.each, times: perByte))
      result.ofParts = Int.cost(result.ofParts, plus: Int.cost(bound.ofParts, times: perByte))
      guard spec.type == .regex else { continue }
      let compiling =
        ByteCost.patternCompileBase + ByteCost.patternNote
        + caps.builtPatternBytes * ByteCost.patternCompilePerByte
      result.each = Int.cost(result.each, plus: compiling)
    }
    return result
  }

  private func fuel(ofSet index: Int, _ spec: MatchSpec, _ measure: QueryMeasure) -> Int {
    let set = program.sets[index]
    let range = Int(set.first)..<Int(set.first) + Int(set.count)
    switch set.kind {
    case .exact, .folded:
      let bytes = measure.bytes(upTo: longestEntries[index])
      return set.kind.searchCost(values: measure.values, bytes: bytes)
    case .table:
      let table = program.tables[Int(set.first)]
      return Int.cost(
        set.kind.searchCost(values: measure.values, bytes: measure.bytes),
        plus: patternTable(table, values: measure.values, bytes: measure.bytes))
    case .addresses, .mailboxes, .domains:
      return set.kind.searchCost(values: measure.values, bytes: measure.bytes)
    case .ordered:
      return range.reduce(0) {
        Int.cost($0, plus: key(Int(program.entries[$1].length), spec, measure))
      }
    case .patterns:
      return stride(from: range.lowerBound, to: range.upperBound, by: 2).reduce(0) {
        Int.cost($0, plus: pattern(facts(behind: $1), measure))
      }
    }
  }

  /// A table outside: the question is put anew with each of its answers, of which there are not
  /// more for a message than questions.
  private func isAskedAgain(_ spec: MatchSpec) -> Bool {
    program.sets[Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount)].contains {
      $0.kind == .table && program.tables[Int($0.first)].source.isOutside
    }
  }

  /// `lookup`: the keys' bytes, of a table outside once more with each answer that the message
  /// waits for; and a value, which is kept once.
  func lookup(_ check: CheckSpec, _ occasion: Occasion) -> Int {
    let name = program.words(ofSet: check.arguments).first
    let table = program.tables.first { program.string($0.name) == name }
    let asking = 2 * ByteCost.tableVisit + 2 * ByteCost.tableKeyBytesMax
    let answers = table?.source.isOutside == true ? answers(occasion) : 0
    let again = Int.cost(asking, times: answers)
    let patterns = table.map { patternTable($0, values: 1, bytes: caps.variableBytes) } ?? 0
    let once = Int.cost(asking + 4 * caps.variableBytes, plus: patterns)
    return Int.cost(Int.cost(once, times: occasion.times), plus: again)
  }

  /// What texts cost that are looked up in a table of patterns; nothing where there are none. Of
  /// each text only its beginning is looked at.
  private func patternTable(_ table: TableSpec, values: Int, bytes: Int) -> Int {
    guard table.type == .regex else { return 0 }
    let each = ByteCost.tablePatternsMax * (ByteCost.keyVisit + ByteCost.patternVisit)
    let seen = min(bytes, Int.cost(values, times: ByteCost.tablePatternTextBytesMax))
    let steps = Int.cost(Int.cost(seen, plus: values), times: ByteCost.tablePatternWeightMax)
    return Int.cost(Int.cost(values, times: each), plus: Int.cost(bytes, plus: steps))
  }

  /// One key against all values.
  private func key(_ keyBytes: Int, _ spec: MatchSpec, _ measure: QueryMeasure) -> Int {
    let visits = Int.cost(measure.values, times: ByteCost.keyVisit)
    switch spec.type {
    case .is where spec.comparator == .asciiNumeric, .value, .count:
      let both = Int.cost(measure.bytes, plus: Int.cost(measure.values, times: keyBytes))
      return Int.cost(visits, plus: Int.cost(both, times: ByteCost.comparePerByte))
    case .is, .list:
      let read = Int.cost(measure.bytes(upTo: keyBytes), times: ByteCost.comparePerByte)
      return Int.cost(visits, plus: read)
    case .contains:
      return Int.cost(visits, plus: Int.cost(measure.bytes, times: ByteCost.comparePerByte))
    case .matches:
      let steps = Int.cost(measure.bytes + measure.values, times: keyBytes + 2)
      return Int.cost(visits, plus: steps)
    // A pattern that is built at run time: its steps are counted.
    case .regex: return pattern(PatternFacts(stepsPerByte: 0, countsSteps: true), measure)
    }
  }

  // MARK: Patterns

  private func facts(behind entry: Int) -> PatternFacts {
    let range = program.entries[entry + 1]
    let start = Int(range.offset)
    // The verifier has read it.
    return PatternFacts(program.stringBytes[start..<start + Int(range.length)])
      ?? PatternFacts(stepsPerByte: PatternFacts.stepsPerByteMax)
  }

  /// One pattern on all values, but for steps that are counted.
  private func pattern(_ facts: PatternFacts, _ measure: QueryMeasure) -> Int {
    let visits = Int.cost(measure.values, times: ByteCost.keyVisit + ByteCost.patternVisit)
    // The text is read as UTF-8, and the one that every match holds is looked for first.
    let reading = Int.cost(measure.bytes, times: 2 * ByteCost.comparePerByte)
    let search = Int.cost(visits, plus: reading)
    if facts.countsSteps { return search }
    let start = facts.needsStart ? ByteCost.findStartPerByte : 0
    let places = Int.cost(measure.bytes, plus: measure.values)
    return Int.cost(search, plus: Int.cost(places, times: facts.stepsPerByte + 1 + start))
  }

  /// Counted steps are bounded for a test, not for each value or pattern.
  private func countedSteps(_ spec: MatchSpec) -> Int {
    guard spec.type == .regex || spec.type == .list else { return 0 }
    let sets = program.sets[Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount)]
    let isCounted = sets.contains { set in
      set.kind == .patterns
        && stride(from: Int(set.first), to: Int(set.first) + Int(set.count), by: 2)
          .contains { facts(behind: $0).countsSteps }
    }
    guard isCounted || (spec.type == .regex && spec.keyCount > 0) else { return 0 }
    let most = spec.backtrack > 0 ? Int(spec.backtrack) : caps.patternSteps
    return Int.cost(most, times: ByteCost.patternStep)
  }

  private func keyCount(_ spec: MatchSpec) -> Int {
    (Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount)).reduce(Int(spec.keyCount)) {
      let set = program.sets[$1]
      return $0 + Int(set.count) / (set.kind == .patterns ? 2 : 1)
    }
  }
}

extension SetKind {
  /// Looking values up in a set of this kind: once for each value, however many entries there are.
  /// Zero for the kinds that are gone through entry by entry.
  package func searchCost(values: Int, bytes: Int) -> Int {
    let searches: Int
    switch self {
    case .ordered, .patterns: return 0
    case .exact, .folded, .addresses: searches = ByteCost.setSearch
    // The address, its domain and its user.
    case .mailboxes: searches = 3 * ByteCost.setSearch
    // One for each label, of a name of at most 255 bytes.
    case .domains:
      let named = min(bytes, Int.cost(values, times: 255))
      return Int.cost(
        Int.cost(values, times: ByteCost.setSearch),
        plus: Int.cost(bytes, plus: Int.cost(named, times: ByteCost.labelPerByte)))
    case .table: searches = ByteCost.tableVisit
    }
    return Int.cost(Int.cost(values, times: searches), plus: bytes)
  }
}
