// Verdicts and dispositions: who gives them, how far they reach, and what stands in for them when
// something fails.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// Gives a verdict. False when the run goes on behind it: the verdict ends a recipient's turn, or
  /// its rule only observes.
  mutating func give(
    _ reply: Reply, text register: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let hasText = reply.kind == .reject || reply.kind == .tempfail
    let words = ReplyText(
      code: program.program.string(reply.code), enhanced: program.program.string(reply.enhanced),
      text: string(in: register, program))
    if isObserving(program) {
      try observe(observed(reply, hasText ? words : nil, program), program)
      return false
    }
    let rule = currentRule(program)
    let given = Verdict(
      kind: reply.kind, reach: reach(of: reply), reply: hasText ? words : nil, phase: phase,
      rule: rule?.name, location: rule?.location, cause: .rule)
    let shown = hasText ? " \(words.shown)" : ""
    // A verdict that is given stands, whatever its record costs.
    try? acted(reply.kind.name + shown, program)
    if let turn, reply.endsTurn {
      recipients[turn].verdict = given
      return false
    }
    verdict = given
    return true
  }

  private func reach(of reply: Reply) -> Reach {
    if reply.endsTurn { return .recipient }
    let reach = reply.kind.action.reach(in: phase)
    switch reach {
    case .recipientOrMessage: return reply.wholeMessage ? .message : .recipient
    case .partOrMessage: return reply.wholeMessage ? .message : .thisPart
    case .onlyMessage: return .message
    default: return reach
    }
  }

  private func observed(
    _ reply: Reply, _ words: ReplyText?, _ program: borrowing VerifiedProgram
  ) -> ActionRecord {
    var record = newRecord(reply.kind.action, program)
    guard let words else { return record }
    record.set("code", [words.code], isList: false)
    record.set("enhanced", [words.enhanced], isList: false)
    record.value = words.text
    return record
  }

  // MARK: Dispositions

  /// `hold` and `quarantine`: recorded; the rules go on.
  mutating func dispose(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    var action = try describe(spec, program)
    action.reason = action.reason ?? action.rule ?? ""
    let isOfPart = spec.flags.contains(.part)
    if spec.action == .quarantine {
      if isOfPart {
        let part = try targetPart(ofLoop: Int(spec.loop))
        guard let order = try partOrder(part, spec, program) else { return }
        action.part = order
        action.partIndex = part
        decisions.edits.edit(
          part: part, .drop, breaksSignature: spec.flags.contains(.breakSignature),
          record: decisions.actions.count)
        coveredParts.insert(part)
      }
      try nameQuarantine()
    }
    if !isOfPart, !spec.flags.contains(.copy) {
      add(
        spec.action == .hold ? .hold : .quarantine, reason: action.reason ?? "",
        recipient: spec.action == .quarantine ? turn : nil, program)
    }
    try record(action, program)
  }

  private mutating func add(
    _ kind: Disposition.Kind, reason: String, recipient: Int?,
    _ program: borrowing VerifiedProgram
  ) {
    let rule = currentRule(program)
    decisions.dispositions.append(
      Disposition(
        kind: kind, reason: reason, phase: phase, rule: rule?.name, location: rule?.location,
        recipient: recipient, action: decisions.actions.count))
    if let recipient { recipients[recipient].isQuarantined = true }
  }

  /// `${quarantine.id}`: one for each message, known from its first quarantine on.
  mutating func nameQuarantine() throws(Trap) {
    guard facts[.quarantineID] == nil else { return }
    let session = facts[.sessionID].map { word in
      String(decoding: sessionSpace[word.offset..<word.offset + word.length], as: UTF8.self)
    }
    let id = newQuarantineID?() ?? "\(session ?? "")-\(messageNumber)"
    facts[.quarantineID] = try keepForMessage(id.utf8)
  }

  // MARK: Failures

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
    // Before MAIL there is nothing that a quarantine could hold (LANGUAGE.md §8).
    let stated = policy[failure]
    let answer: FailureAnswer = stated == .quarantine && phase < .mail ? .tempfail : stated
    let rule = currentRule(program)
    traceRule(program)
    tracer.acted(ruleIndex, phase)
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
    case .quarantine:
      if !isObserving(program) { quarantine(after: failure, program) }
      return false
    }
    if isObserving(program) {
      decisions.observed.append(newRecord(kind.action, program))
      return false
    }
    var reach = kind.action.reach(in: phase)
    if reach == .recipientOrMessage { reach = .recipient }
    if reach == .partOrMessage { reach = .message }
    verdict = Verdict(
      kind: kind, reach: reach, reply: ReplyText.neutral(kind), phase: phase, rule: rule?.name,
      location: rule?.location, cause: .failure(failure))
    return true
  }

  /// A disposition: the rule is left, the next one goes on.
  private mutating func quarantine(
    after failure: FailureClass, _ program: borrowing VerifiedProgram
  ) {
    let reason = "a check failed (:\(failure.name))"
    add(.quarantine, reason: reason, recipient: nil, program)
    var action = newRecord(.quarantine, program)
    action.reason = reason
    decisions.actions.append(action)
    try? nameQuarantine()
  }

  /// `verdict_set`: dispositions recorded, and the verdicts that recipients have.
  var verdictNames: [String] {
    var names = Set(decisions.dispositions.map(\.kind.rawValue))
    for recipient in recipients {
      if let verdict = recipient.verdict { names.insert(verdict.kind.name) }
    }
    return names.sorted()
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
