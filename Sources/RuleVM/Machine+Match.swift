// Comparing values with keys: match types and comparators of RFC 5228 §2.7, RFC 5231 and the
// regex draft, tables by `:list`.
internal import RuleBytecode

extension Machine {
  /// Whether any of the values matches; with `:all` whether there is one and every one does.
  mutating func matches(
    _ values: [TextWord], _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    if spec.type == .count { return try matches(count: values.count, spec, program) }
    let keys = try builtKeys(of: spec, program)
    var isOpen = false
    matchedValue = nil
    for (index, value) in values.enumerated() {
      tableDoubt.isOpen = false
      let isHit = try matches(value, spec, keys, program)
      if tableDoubt.isOpen, !isHit {
        isOpen = true
      } else if isHit != spec.everyCandidate {
        tableDoubt = TableDoubt()
        if isHit { matchedValue = index }
        return !spec.everyCandidate
      }
    }
    tableDoubt.isOpen = isOpen
    return spec.everyCandidate && !values.isEmpty
  }

  /// `:count` (RFC 5231 §4.2): numbers compare as numbers, whatever the comparator.
  mutating func matches(
    count: Int, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let text = Array(String(count).utf8)
    tracer.saw(text[...])
    var numeric = spec
    numeric.comparator = .asciiNumeric
    numeric.type = .value
    let keys = try builtKeys(of: numeric, program)
    try charge(text.count * ByteCost.comparePerByte + ByteCost.valueVisit)
    return try matchesKeys(Subject(word: .empty, bytes: text[...]), numeric, keys, program)
  }

  /// Whether one text matches any key of the spec; sets the match variables when they are wanted.
  mutating func matches(
    _ word: TextWord, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    try matches(word, spec, builtKeys(of: spec, program), program)
  }

  private mutating func matches(
    _ word: TextWord, _ spec: MatchSpec, _ keys: [ArraySlice<UInt8>],
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let bytes = bytes(of: word, program)
    tracer.saw(bytes)
    // What is read of it each key or set pays for.
    try charge(ByteCost.valueVisit)
    var subject = Subject(word: word, bytes: bytes)
    if spec.foldsUnicode {
      try charge(bytes.count * ByteCost.foldUnicodePerByte)
      let folded = Collation.unicodeFold(bytes)
      subject.bytes = folded.bytes[...]
      subject.places = folded.places
    }
    return try matchesKeys(subject, spec, keys, program)
  }

  /// A value as it is compared.
  struct Subject {
    let word: TextWord
    var bytes: ArraySlice<UInt8>
    /// Where each byte stands in the value, for match variables, when it was folded.
    var places: [Int]?
  }

  private mutating func matchesKeys(
    _ subject: Subject, _ spec: MatchSpec, _ keys: [ArraySlice<UInt8>],
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    for index in Int(spec.firstSet)..<Int(spec.firstSet) + Int(spec.setCount) {
      let set = program.program.sets[index]
      let hit: Bool
      switch set.kind {
      case .ordered: hit = try matchesOrdered(subject, set, spec, program)
      case .patterns: hit = try matchesPatterns(subject, set, spec, program)
      case .table: hit = try isListed(subject.bytes, in: set, spec, program)
      case .exact where subject.bytes.count > program.longestEntries[index],
        .folded where subject.bytes.count > program.longestEntries[index]:
        try charge(ByteCost.setSearch)
        hit = false
      default:
        // Once for the set, however many entries it has.
        try charge(set.kind.searchCost(values: 1, bytes: subject.bytes.count))
        hit = KeyEntries(program).contains(subject.bytes, in: set)
      }
      if hit {
        if spec.captures, spec.type == .list {
          keepGroups(of: subject, [0..<subject.bytes.count])
        }
        return true
      }
    }
    for key in keys {
      let hit =
        spec.type == .regex
        ? try matchesBuiltPattern(subject, key, spec, program)
        : try matches(subject, key: key, spec)
      if hit { return true }
    }
    return false
  }

  /// The keys that the rules built, folded as the compiler would have folded them.
  private mutating func builtKeys(
    of spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [ArraySlice<UInt8>] {
    var keys: [ArraySlice<UInt8>] = []
    for register in Int(spec.firstKey)..<Int(spec.firstKey) + Int(spec.keyCount) {
      let key = bytes(in: register, program)
      if spec.type == .matches, key.count > limits.wildcardKeyBytesMax {
        // The steps of a wildcard pattern are its length times that of the text.
        metMatchLimit = true
        continue
      }
      try charge(key.count)
      if spec.foldsUnicode {
        try charge(key.count * ByteCost.foldUnicodePerByte)
        keys.append(Collation.unicodeFolded(key)[...])
      } else {
        keys.append(spec.comparator == .asciiCasemap && spec.type != .regex ? key.folded : key)
      }
    }
    return keys
  }

  private mutating func matchesOrdered(
    _ subject: Subject, _ set: KeySet, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    for index in Int(set.first)..<Int(set.first) + Int(set.count) {
      let entry = program.program.entries[index]
      let key = bytes(of: entry.word, program)
      if try matches(subject, key: key, spec) { return true }
    }
    return false
  }

  private mutating func matches(
    _ subject: Subject, key: ArraySlice<UInt8>, _ spec: MatchSpec
  ) throws(Trap) -> Bool {
    let text = subject.bytes
    let folds = spec.comparator == .asciiCasemap
    try charge(ByteCost.keyVisit)
    switch spec.type {
    case .is where spec.comparator == .asciiNumeric, .value:
      try charge((text.count + key.count) * ByteCost.comparePerByte)
      // Both sides are folded already.
      let comparator = spec.comparator == .unicodeCasemap ? .octet : spec.comparator
      return spec.relation.holds(Collation.order(text, key, comparator))
    case .is, .list:
      guard text.count == key.count else { return false }
      try charge(key.count * ByteCost.comparePerByte)
      return zip(text, key).allSatisfy { (folds ? $0.foldedASCII : $0) == $1 }
    case .contains:
      guard key.count <= text.count else { return false }
      try charge(text.count * ByteCost.comparePerByte)
      return text.span.contains(key.span, folding: folds)
    case .matches:
      var glob = Glob(stepsMax: max(fuel, 0), places: subject.places)
      let hit = glob.match(text.span, key.span, fold: folds)
      try charge(glob.steps)
      if hit, spec.captures {
        let whole = 0..<text.count
        keepGroups(of: subject, [whole] + glob.groups)
      }
      return hit
    case .regex, .count: throw .misplaced(":\(spec.type.name)")
    }
  }

  /// Match variables are those of one rule.
  mutating func forgetGroups() {
    groups = InlineArray<33, UInt64>(repeating: 0)
    hasGroups = false
  }

  /// `${0}` is what matched, `${1}` on what each wildcard or group took (RFC 5229 §3.2).
  mutating func keepGroups(of subject: Subject, _ ranges: [Range<Int>?]) {
    forgetGroups()
    hasGroups = true
    guard let space = TextSpace(rawValue: subject.word.spaceCode) else { return }
    for (index, range) in ranges.prefix(ImageFormat.matchGroupsMax).enumerated() {
      guard var range else { continue }
      if let places = subject.places {
        range = places[range.lowerBound]..<places[range.upperBound]
      }
      let offset = subject.word.offset + range.lowerBound
      groups[index] = TextWord(space, offset: offset, length: range.count).bits
    }
  }
}
