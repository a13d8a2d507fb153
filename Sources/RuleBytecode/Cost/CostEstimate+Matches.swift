// What comparing costs: values and their bytes against keys, as `Machine+Match.swift` charges it.

extension CostEstimate {
  /// A query's own work and its comparisons, in all runs together.
  func work(
    of query: QuerySpec, _ measure: QueryMeasure, _ bounds: TextBounds, _ occasion: Occasion
  ) -> (fuel: Int, what: String) {
    let name = query.source.name
    var each = measure.work
    if query.source == .direction { each = Int.cost(each, plus: directionWork) }
    var ofParts = measure.workOfParts
    var what = name
    if query.spec > 0 {
      let spec = program.specs[Int(query.spec) - 1]
      each = Int.cost(each, plus: match(spec, measure, bounds))
      let parts = QueryMeasure(values: measure.valuesOfParts, bytes: measure.bytesOfParts)
      ofParts = Int.cost(ofParts, plus: match(spec, parts, bounds))
      if isAskedAgain(spec) {
        each = Int.cost(Int.cost(each, plus: query.source.info.cost), times: caps.checks + 1)
        ofParts = Int.cost(ofParts, times: caps.checks + 1)
      }
      what += " :\(spec.type.name), \(keyCount(spec)) keys"
    }
    if query.source == .text {
      return (TextBound(each: each, ofParts: ofParts).bytes(in: occasion), what)
    }
    let fuel = Int.cost(
      Int.cost(each, times: occasion.times), plus: Int.cost(ofParts, times: occasion.timesOfPart))
    return (fuel, what)
  }

  /// Comparing all values with all keys.
  func match(_ spec: MatchSpec, _ measure: QueryMeasure, _ bounds: TextBounds) -> Int {
    var fuel = Int.cost(
      Int.cost(measure.values, times: 16), plus: Int.cost(measure.bytes, times: 2))
    for index in Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount) {
      fuel = Int.cost(fuel, plus: self.fuel(of: program.sets[index], spec, measure))
    }
    for register in Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount) {
      let bytes = min(bounds[register].each, caps.wildcardKeyBytes)
      fuel = Int.cost(fuel, plus: key(bytes, spec, measure))
    }
    return fuel
  }

  private func fuel(of set: KeySet, _ spec: MatchSpec, _ measure: QueryMeasure) -> Int {
    switch set.kind {
    case .exact, .folded, .addresses, .mailboxes: 0
    // One search for each label, of 255 bytes at most.
    case .domains: Int.cost(measure.bytes, times: 2)
    case .table: table(measure)
    case .ordered, .patterns:
      (Int(set.first)..<Int(set.first) + Int(set.count)).reduce(0) {
        Int.cost($0, plus: key(Int(program.entries[$1].length), spec, measure))
      }
    }
  }

  private func table(_ measure: QueryMeasure) -> Int {
    Int.cost(Int.cost(measure.values, times: ByteCost.tableVisit), plus: measure.bytes)
  }

  /// A table outside: the question is put anew with each of its answers.
  private func isAskedAgain(_ spec: MatchSpec) -> Bool {
    program.sets[Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount)].contains {
      $0.kind == .table && program.tables[Int($0.first)].source.isOutside
    }
  }

  /// `lookup`: the keys' bytes, and a value that is kept.
  func lookup(_ check: CheckSpec) -> Int {
    let name = program.words(ofSet: check.arguments).first
    let table = program.tables.first { program.string($0.name) == name }
    let once = 2 * ByteCost.tableVisit + 2 * ByteCost.tableKeyBytesMax + 4 * caps.variableBytes
    return Int.cost(once, times: table?.source.isOutside == true ? caps.checks + 1 : 1)
  }

  /// One key against all values.
  private func key(_ keyBytes: Int, _ spec: MatchSpec, _ measure: QueryMeasure) -> Int {
    let visits = Int.cost(measure.values, times: ByteCost.keyVisit)
    switch spec.type {
    case .is, .list, .contains, .value, .count:
      return Int.cost(visits, plus: Int.cost(measure.bytes, times: 2))
    case .matches:
      let steps = Int.cost(measure.bytes + measure.values, times: keyBytes + 2)
      return Int.cost(visits, plus: steps)
    case .regex: return Int.cost(visits, plus: pattern(spec, measure))
    }
  }

  private func pattern(_ spec: MatchSpec, _ measure: QueryMeasure) -> Int {
    spec.backtrack > 0
      ? Int.cost(measure.values, times: Int(spec.backtrack))
      : Int.cost(measure.bytes + measure.values, times: 64)
  }

  private func keyCount(_ spec: MatchSpec) -> Int {
    (Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount)).reduce(Int(spec.keyCount)) {
      $0 + Int(program.sets[$1].count)
    }
  }
}
