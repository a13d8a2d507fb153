// What the rules do: each action is recorded with its rule; nothing is carried out here.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// A rule has acted: it is listed once, and the trace says what it did.
  private mutating func acted(_ what: String, _ program: borrowing VerifiedProgram) throws(Trap) {
    traceRule(program)
    // What was looked at for an action belongs to no test.
    _ = tracer.takeValues()
    tracer.add(.action(what), limit: limits.traceEventsMax)
    guard let rule = currentRule(program)?.name else { return }
    if decisions.rules.last != rule, !decisions.rules.contains(rule) {
      decisions.rules.append(rule)
    }
    recordCount += 1
    guard recordCount <= limits.recordsMax else {
      throw .tooManyRecords(limit: limits.recordsMax)
    }
  }

  /// Pays for a text that a record keeps.
  private mutating func keepInRecords(_ byteCount: Int) throws(Trap) {
    try charge(byteCount)
    recordBytes += byteCount
    guard recordBytes <= limits.recordBytesMax else {
      throw .recordsTooLong(bytesMax: limits.recordBytesMax)
    }
  }

  /// Gives a verdict. False when the run goes on behind it: it only ends a recipient's turn.
  mutating func give(
    _ reply: Reply, text register: Int, _ program: borrowing VerifiedProgram
  ) -> Bool {
    let action = reply.kind.action
    var reach = action.reach(in: phase)
    switch reach {
    case .recipientOrMessage: reach = reply.wholeMessage ? .message : .recipient
    case .partOrMessage: reach = reply.wholeMessage ? .message : .thisPart
    case .onlyMessage: reach = .message
    default: break
    }
    let hasText = reply.kind == .reject || reply.kind == .tempfail
    let words = ReplyText(
      code: program.program.string(reply.code), enhanced: program.program.string(reply.enhanced),
      text: string(in: register, program))
    let rule = currentRule(program)
    verdict = Verdict(
      kind: reply.kind, reach: reach, reply: hasText ? words : nil, phase: phase,
      rule: rule?.name, location: rule?.location, cause: .rule)
    let shown = hasText ? " \(words.shown)" : ""
    try? acted(reply.kind.name + shown, program)
    return true
  }

  /// Answers a condition that came out as an error. True when that is a verdict. Never inlined: the
  /// loop would count references for it.
  @inline(never)
  mutating func settle(
    _ truth: UInt64, _ program: borrowing VerifiedProgram, _ policy: UInt16
  ) -> Bool {
    let failure = TruthWord.failure(in: truth) ?? .internal
    let policy = TruthWord.policy(in: truth) ?? Int(policy)
    return answer(failure, program.program.policies[policy], program)
  }

  /// Applies a failure policy; true when the answer is a verdict.
  mutating func answer(
    _ failure: FailureClass, _ policy: FailurePolicy, _ program: borrowing VerifiedProgram
  ) -> Bool {
    let answer = policy[failure]
    let rule = currentRule(program)
    traceRule(program)
    let reason = failureReasons.removeValue(forKey: failure) ?? ""
    tracer.add(.failure(failure, answer, reason: reason), limit: limits.traceEventsMax)
    if decisions.failures.count < limits.recordsMax {
      decisions.failures.append(
        FailureRecord(failure: failure, reason: reason, rule: rule?.name, answer: answer))
    }
    let kind: VerdictKind
    switch answer {
    case .continue: return false
    case .tempfail: kind = .tempfail
    case .accept: kind = .accept
    case .reject: kind = .reject
    case .quarantine: kind = .tempfail
    }
    var reach = kind.action.reach(in: phase)
    if reach == .recipientOrMessage { reach = .recipient }
    if reach == .partOrMessage { reach = .message }
    verdict = Verdict(
      kind: kind, reach: reach, reply: ReplyText.neutral(kind), phase: phase, rule: rule?.name,
      location: rule?.location, cause: .failure(failure))
    return true
  }

  mutating func addScore(
    _ register: Int, symbol: UInt32, isEach: Bool, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let amount = Int64(bitPattern: registers[register])
    score.add(amount, symbol: symbol, in: phase)
    try acted("score \(Decimal.text(amount)) \(program.program.string(symbol))", program)
  }

  mutating func log(
    _ register: Int, level: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    try keepInRecords(TextWord(bits: registers[register]).length)
    let text = string(in: register, program)
    let level = LogLevel(rawValue: UInt8(truncatingIfNeeded: level)) ?? .info
    try acted("log \(text)", program)
    decisions.log.append(
      LogRecord(level: level, text: text, rule: currentRule(program)?.name))
  }

  /// Does or records an action; what each becomes is said by its name.
  mutating func act(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    switch spec.action {
    case .addheader, .insertheader, .deleteheader, .setheader: try editHeader(spec, program)
    case .drop, .replace, .warn: try editPart(spec, program)
    default: throw .misplaced(spec.action.name)
    }
  }

  /// A parameter's text as it stands in its register; nil when it was not given.
  func parameter(
    _ name: String, of spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) -> ArraySlice<UInt8>? {
    spec.register(of: name).map { bytes(in: $0, program) }
  }

  private mutating func editPart(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let index = try part(ofLoop: Int(spec.loop))
    let text = Array(parameter("text", of: spec, program) ?? [])
    try keepInRecords(text.count)
    let path = message?.parts[index].path ?? ""
    func optional(_ name: String) -> String? {
      parameter(name, of: spec, program).map { String(decoding: $0, as: UTF8.self) }
    }
    switch spec.action {
    case .drop:
      decisions.edits.edit(part: index, .drop)
      coveredParts.insert(index)
    case .replace:
      let new = Replacement(
        text: text, type: optional("type") ?? "text/plain", name: optional("name"),
        disposition: optional("disposition") ?? "inline")
      decisions.edits.edit(part: index, .replace(new))
      coveredParts.insert(index)
    default: decisions.edits.warn(text)
    }
    let name = spec.action.name
    var record = ActionRecord(action: name, rule: currentRule(program)?.name, part: path)
    record.value = spec.action == .drop ? nil : String(decoding: text, as: UTF8.self)
    decisions.actions.append(record)
    try acted("\(name) part \(path)", program)
  }

  /// Records a header edit; when the header is there it shows at once.
  private mutating func editHeader(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let name = parameter("name", of: spec, program) ?? []
    let value = parameter("value", of: spec, program) ?? []
    try charge(name.count + value.count)
    var keys: [TextWord] = []
    if spec.spec > 0 {
      let match = program.program.specs[Int(spec.spec) - 1]
      for key in Int(match.firstKey)..<Int(match.firstKey) + Int(match.keyCount) {
        try charge(TextWord(bits: registers[key]).length)
        keys.append(try keepForMessage(bytes(in: key, program)))
      }
    }
    let order = HeaderEditOrder(
      spec: spec, name: try keepForMessage(name), value: try keepForMessage(value), keys: keys,
      rule: currentRule(program)?.name)
    if message == nil { pendingEdits.append(order) } else { try apply(order, program) }
    let shown = String(decoding: value, as: UTF8.self).prefix(120)
    let words = "\(spec.action.name) \(String(decoding: name, as: UTF8.self))"
    try acted(spec.action == .deleteheader ? words : "\(words): \(shown)", program)
  }
}

extension ReplyText {
  /// On one line, as traces and reports show it.
  package var shown: String {
    let lines = text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    return "\(code) \(enhanced) \(lines.joined(separator: " / "))"
  }

  /// What the client is told when it was not a rule that decided.
  static func neutral(_ kind: VerdictKind) -> ReplyText? {
    switch kind {
    case .tempfail:
      ReplyText(code: "451", enhanced: "4.3.0", text: "Temporary failure, please try again later")
    case .reject:
      ReplyText(code: "550", enhanced: "5.7.1", text: "Message could not be checked, refused")
    case .accept, .discard: nil
    }
  }
}
