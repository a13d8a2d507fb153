// Comparing a value with keys: match types and comparators of RFC 5228 §2.7, tables by `:list`.
internal import RuleBytecode

extension Machine {
  /// Whether any of the values matches; with `:all` whether there is one and every one does.
  mutating func matches(
    _ values: [TextWord], _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    var isOpen = false
    for value in values {
      tableDoubt.isOpen = false
      let isHit = try matches(value, spec, program)
      if tableDoubt.isOpen, !isHit {
        isOpen = true
      } else if isHit != spec.everyCandidate {
        tableDoubt = TableDoubt()
        return !spec.everyCandidate
      }
    }
    tableDoubt.isOpen = isOpen
    return spec.everyCandidate && !values.isEmpty
  }

  /// Whether a text matches any key of the spec; sets the match variables when they are wanted.
  mutating func matches(
    _ word: TextWord, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let subject = bytes(of: word, program)
    tracer.saw(subject)
    try charge(subject.count * ByteCost.comparePerByte + 8)
    let folds = spec.comparator == .asciiCasemap
    for index in Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount) {
      let set = program.program.sets[index]
      let hit: Bool
      switch set.kind {
      case .ordered: hit = try matchesOrdered(word, subject, set, spec, program)
      case .table: hit = try isListed(subject, in: set, spec, program)
      default: hit = program.program.contains(subject, in: set)
      }
      if hit {
        if spec.captures, spec.type == .list { keepGroups(of: word, []) }
        return true
      }
    }
    for register in Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount) {
      let key = bytes(in: register, program)
      try charge(key.count)
      let folded = folds ? ArraySlice(key.map(\.foldedASCII)) : key
      if try matches(word, subject, key: folded, spec) { return true }
    }
    return false
  }

  private mutating func matchesOrdered(
    _ word: TextWord, _ subject: ArraySlice<UInt8>, _ set: KeySet, _ spec: MatchSpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    for index in Int(set.first)..<Int(set.first) + Int(set.count) {
      let entry = program.program.entries[index]
      let key = bytes(of: program.program.word(of: entry), program)
      if try matches(word, subject, key: key, spec) { return true }
    }
    return false
  }

  private mutating func matches(
    _ word: TextWord, _ subject: ArraySlice<UInt8>, key: ArraySlice<UInt8>, _ spec: MatchSpec
  ) throws(Trap) -> Bool {
    let folds = spec.comparator == .asciiCasemap
    try charge(ByteCost.keyVisit)
    switch spec.type {
    case .is, .list:
      return subject.count == key.count
        && zip(subject, key).allSatisfy { (folds ? $0.foldedASCII : $0) == $1 }
    case .contains:
      try charge(subject.count)
      return subject.span.contains(key.span, folding: folds)
    case .matches:
      var glob = Glob(stepsMax: max(fuel, 0))
      let hit = glob.match(subject.span, key.span, fold: folds)
      try charge(glob.steps)
      if hit, spec.captures { keepGroups(of: word, glob.groups) }
      return hit
    case .regex, .value, .count: throw .misplaced(":\(spec.type.name)")
    }
  }

  /// `${0}` is the whole value, `${1}` on what each wildcard took (RFC 5229 §3.2).
  private mutating func keepGroups(of word: TextWord, _ ranges: [Range<Int>]) {
    groups = InlineArray<33, UInt64>(repeating: 0)
    groups[0] = word.bits
    for (index, range) in ranges.enumerated() {
      guard let space = TextSpace(rawValue: word.spaceCode) else { continue }
      let offset = word.offset + range.lowerBound
      groups[index + 1] = TextWord(space, offset: offset, length: range.count).bits
    }
  }
}
