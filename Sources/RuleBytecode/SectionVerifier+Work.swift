// What reading an image takes beyond its size. Strings, entries and sets are ranges, and nothing
// forbids that ranges overlap: a compiler says a word once. So ten thousand sets could name the
// same ten thousand entries, and the verifier would look at each of them ten thousand times. It
// counts before it looks.

extension ImageFormat {
  /// Steps that any image may ask for: a second at worst. No policy comes near, since each word
  /// that a set names was written in a source.
  package static let workFloor = 64 << 20
  /// Steps for each byte of the strings, where that is more.
  static let workPerByte = 4
}

extension SectionVerifier {
  /// Every byte of a string or an entry is a step each time that something names it, every entry
  /// and every set one more. Trusts that ranges lie inside the string bytes; sums cannot overflow,
  /// as one term is less than 2^60 and the count ends with the first that is past the limit.
  func verifyWork() throws(Flaw) {
    let most = max(workFloor, ImageFormat.workPerByte * program.stringBytes.count)
    var work = 0
    func add(_ steps: Int) throws(Flaw) {
      work += steps
      guard work <= most else { throw .tooMuchWork(steps: work) }
    }
    for range in program.strings { try add(Int(range.length)) }
    let steps = stepsOfSets()
    for step in steps { try add(step) }
    for spec in program.specs { try add(Int(spec.setCount)) }
    // The words of declarations are read by the daemon as it loads the policy.
    let lists = program.declarations.map(\.arguments) + program.tables.map(\.arguments)
    for list in lists where Int(list) < steps.count { try add(steps[Int(list)]) }
  }

  /// The steps that each set takes. A set past the entries is refused afterwards.
  private func stepsOfSets() -> [Int] {
    var stepsBefore = [0]
    stepsBefore.reserveCapacity(program.entries.count + 1)
    for (index, entry) in program.entries.enumerated() {
      stepsBefore.append(stepsBefore[index] + Int(entry.length) + 1)
    }
    return program.sets.map { set in
      if set.kind == .table { return 1 }
      let first = min(Int(set.first), program.entries.count)
      let end = min(Int(set.first) + Int(set.count), program.entries.count)
      return 1 + stepsBefore[end] - stepsBefore[first]
    }
  }
}
