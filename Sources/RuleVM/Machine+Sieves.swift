// Questions about a field with many patterns. The first of them brings the field's values and reads
// each once, for all patterns of the field; the others look at a bit. What it says is what the way
// of `Machine+Match.swift` says: the sieve only leaves out what cannot match. Fuel: the pass takes
// the place of the searches that each question would pay for, so none costs more than its worst
// case, also where every edit of the header makes another pass.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The answer to a question whose patterns stand in a sieve.
  mutating func sievedTruth(
    _ place: SievePlace, _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    guard let answer = try fieldAnswer(place.field, query, program) else {
      return contentFailure(query)
    }
    let spec = program.program.specs[Int(query.spec) - 1]
    guard let rows = answer.rows else {
      return try matches(answer.values, spec, program) ? TruthWord.yes : TruthWord.no
    }
    matchedValue = nil
    // For a trace each value has been looked at.
    if !tracer.isOn, answer.any.nextBit(in: place.patterns) == nil { return TruthWord.no }
    let width = answer.any.count * 64
    for (index, word) in answer.values.enumerated() {
      let bytes = bytes(of: word, program)
      tracer.saw(bytes)
      let first = index * width + place.patterns.lowerBound
      let range = first..<first + place.patterns.count
      guard rows.nextBit(in: range) != nil else { continue }
      if try isFound(spec, rows, range, in: Subject(word: word, bytes: bytes), program) {
        matchedValue = index
        return TruthWord.yes
      }
    }
    return TruthWord.no
  }

  /// Whether one of the patterns that were let through is found.
  private mutating func isFound(
    _ spec: MatchSpec, _ rows: [UInt64], _ range: Range<Int>, in subject: Subject,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    // A text that was looked for as a whole is there.
    guard spec.type == .regex else { return true }
    let set = program.program.sets[Int(spec.firstSet)]
    let list = patterns.list(of: set, isCaseless: spec.comparator != .octet, program)
    return try firstFound(of: list, rows, range, in: try legible(subject), spec) != nil
  }

  /// The values of a field and what they may hold; nil when a limit keeps them from being had.
  private mutating func fieldAnswer(
    _ field: Int, _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> FieldAnswer? {
    let isOfHeader = query.source == .header
    if isOfHeader {
      if let known = headers.answers[field] { return known }
    } else if parts.answersPartCount == message?.parts.count, let known = parts.answers[field] {
      return known
    }
    let spec = program.program.specs[Int(query.spec) - 1]
    guard let values = try values(of: query, spec, program) else { return nil }
    let answer = try sift(values, patterns.fields.sieves[field], program)
    if isOfHeader {
      headers.answers[field] = answer
    } else {
      // Decoding may have found parts.
      if parts.answersPartCount != message?.parts.count { parts.answers.forget() }
      parts.answersPartCount = message?.parts.count ?? 0
      parts.answers[field] = answer
    }
    return answer
  }

  private mutating func sift(
    _ values: [TextWord], _ lazy: LazySieve, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> FieldAnswer {
    let sieve = lazy.ready(patterns, program)
    let width = BitRow.wordCount(sieve.count)
    guard values.count * width <= FieldAnswer.wordsMax else {
      return FieldAnswer(values: values, rows: nil, any: [])
    }
    var rows = Array(repeating: UInt64(0), count: values.count * width)
    var any = Array(repeating: UInt64(0), count: width)
    for (index, word) in values.enumerated() {
      let bytes = bytes(of: word, program)
      try charge(ByteCost.valueVisit + bytes.count * ByteCost.comparePerByte)
      sieve.mark(bytes.span, &rows, from: index * width)
      for column in 0..<width { any[column] |= rows[index * width + column] }
    }
    return FieldAnswer(values: values, rows: rows, any: any)
  }
}
