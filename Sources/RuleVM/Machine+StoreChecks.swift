// Call-outs, greylisting and rates: what is asked of another host or of what is kept of former
// mail.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// `recipient_known`: 2xx is yes, 5xx is no, all else an error (RFC 5321 §4.2.1).
  mutating func callout(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let address = texts.last ?? ""
    // The null path is nobody's mailbox.
    guard !address.isEmpty else { return TruthWord.no }
    if spec.aspect == CalloutTarget.server.rawValue, texts.first?.isEmpty != false {
      return fail(.callout, "\(spec.kind.name) \(address): no server is named")
    }
    switch try ask(spec, address, texts, program) {
    case nil: return nil
    case .failed(let failure, let reason):
      return fail(failure, "\(spec.kind.name) \(address): \(reason)")
    case .values, .truth, .archive, .errands: return misread(spec, address)
    case .fields(let fields):
      let code = fields["code"] ?? ""
      let text = fields["text"] ?? ""
      try note(.calloutCode, code, program)
      try note(.calloutEnhanced, fields["enhanced"], program)
      try note(.calloutText, text, program)
      saw("\(code) \(text)")
      switch code.utf8.first {
      case UInt8(ascii: "2"): return TruthWord.yes
      case UInt8(ascii: "5"): return TruthWord.no
      default: return fail(.callout, "\(spec.kind.name) \(address): \(code) \(text)")
      }
    }
  }

  /// `greylist`: true is "defer now". In `rcpt` and in a loop over recipients it is about that one,
  /// elsewhere about all who were accepted.
  mutating func greylist(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    var arguments = program.program.words(ofSet: spec.arguments)
    for fact in [Fact.clientIP, .sender] {
      let word = facts[fact] ?? .empty
      arguments.append(String(decoding: bytes(of: word, program), as: UTF8.self))
    }
    arguments.append(greylistedRecipient(spec, program))
    let name = arguments.suffix(3).joined(separator: " ")
    switch try ask(spec, name, arguments, program) {
    case nil: return nil
    case .failed(let failure, let reason): return fail(failure, "greylist: \(reason)")
    case .truth(let isDeferred):
      try note(.greylistWait, nil, program)
      return isDeferred ? TruthWord.yes : TruthWord.no
    case .fields(let fields):
      let seconds = fields["wait"].flatMap { Int64($0) } ?? 0
      try note(.greylistWait, seconds > 0 ? String(seconds) : nil, program)
      saw("wait \(seconds)")
      return seconds > 0 ? TruthWord.yes : TruthWord.no
    case .values, .archive, .errands: return misread(spec, name)
    }
  }

  private func greylistedRecipient(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) -> String {
    if spec.loop > 0, let index = recipient(ofLoop: Int(spec.loop)) {
      return String(decoding: accepted[index], as: UTF8.self)
    }
    if phase == .rcpt, let word = facts[.rcpt] {
      return String(decoding: bytes(of: word, program), as: UTF8.self)
    }
    return accepted.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// `rate`: counts this one, and is true when the limit is passed.
  mutating func rate(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let unit = RateUnit(rawValue: spec.aspect) ?? .messages
    let amount =
      switch unit {
      case .messages: 1
      case .recipients: phase == .rcpt || spec.loop > 0 ? 1 : accepted.count
      case .bytes: message?.bytes.count ?? 0
      }
    let key = texts.first ?? ""
    let limit = program.program.words(ofSet: spec.arguments)
    let arguments = limit + [unit.name, String(amount), key]
    switch try ask(spec, key, arguments, program) {
    case nil: return nil
    case .failed(let failure, let reason): return fail(failure, "rate \(key): \(reason)")
    case .truth(let isOver):
      saw(key)
      return isOver ? TruthWord.yes : TruthWord.no
    case .values, .fields, .archive, .errands: return misread(spec, key)
    }
  }
}

extension Machine {
  /// `duplicate`: a message without the field that is asked for is none (RFC 7352 §3.1).
  mutating func duplicate(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard spec.aspect == DuplicateSubject.header.rawValue else {
      return try isDuplicate(spec, texts, program)
    }
    let name = (texts.first ?? "").utf8.map(\.foldedASCII)
    try charge(headers.fields.count * ByteCost.fieldVisit)
    guard let index = headers.indices(named: name).first else { return TruthWord.no }
    let word = try headerValue(index)
    guard !word.isEmpty else { return TruthWord.no }
    guard word.length <= limits.checkArgumentBytesMax else {
      return fail(.limit, "duplicate: the field is too long")
    }
    let value = String(decoding: bytes(of: word, program), as: UTF8.self)
    saw(value)
    return try isDuplicate(spec, [value], program)
  }

  /// Asking notes nothing: what was asked is noted when the message is taken (RFC 7352 §3).
  private mutating func isDuplicate(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard let truth = try yesOrNo(spec, texts, program) else { return nil }
    let question = program.program.words(ofSet: spec.arguments) + texts
    let isAnswered = truth == TruthWord.yes || truth == TruthWord.no
    if isAnswered, !isObserving(program), !decisions.duplicates.contains(question) {
      decisions.duplicates.append(question)
    }
    return truth
  }
}
