// Questions to the session and the message: where the values of a test come from. Each source is
// one line here; how the values compare is `Machine+Match.swift`.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// Answers a query into a truth register; waits when a table outside has to be asked.
  mutating func query(
    _ register: Int, _ index: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    if let place = patterns.fields.place(ofQuery: index) {
      registers[register] = try sievedTruth(place, program.program.queries[index], program)
      return .next
    }
    tableDoubt.isOpen = false
    archives.isWaiting = false
    let found = try truth(of: program.program.queries[index], program)
    if archives.isWaiting {
      tableDoubt = TableDoubt()
      return .wait
    }
    guard let truth = try settled(found, program) else { return .wait }
    registers[register] = truth
    return .next
  }

  private mutating func truth(
    of query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let spec = query.spec == 0 ? nil : program.program.specs[Int(query.spec) - 1]
    switch query.source {
    case .exists: return try headerExists(query, program) ? TruthWord.yes : TruthWord.no
    case .partIs: return try partIs(query)
    default: break
    }
    if let truth = sessionTruth(query, program) { return truth }
    if let truth = try contentTruth(query, program) { return truth }
    guard let spec else { throw .misplaced("query \(query.source.name) without a comparison") }
    guard let values = try values(of: query, spec, program) else { return contentFailure(query) }
    let isTrue =
      if query.source == .environment, values.isEmpty {
        // An unknown item matches nothing, not even the count 0 (RFC 5183 §4).
        false
      } else if query.source == .text, spec.type == .count {
        // RFC 5229 §5: an empty string counts as none.
        try matches(count: values.count { !$0.isEmpty }, spec, program)
      } else {
        try matches(values, spec, program)
      }
    return isTrue ? TruthWord.yes : TruthWord.no
  }

  /// The values that a query compares; nil when a limit keeps them from being had.
  mutating func values(
    of query: QuerySpec, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord]? {
    switch query.source {
    case .text: texts(query.firstText, query.textCount)
    case .date: try dateValues(query, program)
    case .currentDate: try currentDateValues(query, program)
    case .body: try bodyValues(query, program)
    case .environment: try environmentValues(query, program)
    case .spamtest, .virustest: try statusValues(query, program)
    case .header: try headerValues(query, program)
    case .address: try addressValues(query, spec, program)
    case .envelope: try envelopeValues(query, spec, program)
    case .ip: addressOfSession(query)
    case .recipient: try recipientValues(query, spec, program)
    case .macro: macroValues(query, program)
    case .part: try partValues(query)
    default: throw .misplaced("query \(query.source.name)")
    }
  }

  /// The words in a run of text registers.
  func texts(_ first: UInt8, _ count: UInt8) -> [TextWord] {
    (Int(first)..<Int(first) + Int(count)).map { TextWord(bits: registers[$0]) }
  }

  /// `ip`: an address of the session; none when it is not known.
  private func addressOfSession(_ query: QuerySpec) -> [TextWord] {
    let fact: Fact =
      switch IPSide(rawValue: query.detail) {
      case .server: .serverIP
      case .direct: .clientDirectIP
      default: .clientIP
      }
    return facts[fact].map { [$0] } ?? []
  }
}
