// Plain Sieve (RFC 5228 §2.10): what a script asks for is gathered and settled at its end, since
// the implicit keep depends on all of it.
internal import MailMessage
internal import RuleBytecode

/// What one script asked for so far.
struct ScriptState {
  /// Mailboxes and addresses, each once (RFC 5228 §2.10.3).
  var mailboxes: Set<[UInt8]> = []
  var redirects: [String] = []
  var refusal: String?
  var keeps = false
  var isKeepCancelled = false
  var actionCount = 0

  /// The message reaches somebody by this script.
  var delivers: Bool { keeps || !mailboxes.isEmpty || !redirects.isEmpty }
}

extension Machine {
  mutating func script(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    var action = try describe(spec, program)
    action.flags.remove(.plain)
    guard try ask(spec, &action, program) else { return }
    scriptState.actionCount += 1
    guard scriptState.actionCount <= limits.scriptActionsMax else {
      throw .tooManyScriptActions(limit: limits.scriptActionsMax)
    }
    try record(action, program)
  }

  /// False for what was asked for already. RFC 5429 §2: a refusal goes with no delivery and no
  /// other refusal.
  private mutating func ask(
    _ spec: ActionSpec, _ action: inout ActionRecord, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let isCopy = spec.flags.contains(.copy)
    switch spec.action {
    case .discard:
      if scriptState.isKeepCancelled, decisions.actions.last?.kind == .discard { return false }
      scriptState.isKeepCancelled = true
    case .reject, .ereject:
      try exclude(scriptState.delivers || scriptState.refusal != nil, spec.action)
      scriptState.refusal = action.value ?? ""
      scriptState.isKeepCancelled = true
    case .keep:
      try exclude(scriptState.refusal != nil, .keep)
      if scriptState.keeps { return false }
      scriptState.keeps = true
    case .fileinto:
      try exclude(scriptState.refusal != nil, .fileinto)
      if !isCopy { scriptState.isKeepCancelled = true }
      let mailbox = Array(parameter("mailbox", of: spec, program) ?? [])
      return scriptState.mailboxes.insert(mailbox).inserted
    default:
      try exclude(scriptState.refusal != nil, .redirect)
      if !isCopy { scriptState.isKeepCancelled = true }
      return try redirect(spec, &action, program)
    }
    return true
  }

  private mutating func redirect(
    _ spec: ActionSpec, _ action: inout ActionRecord, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    let address = try address(parameter("address", of: spec, program) ?? [])
    action.address = address
    if scriptState.redirects.contains(address) { return false }
    scriptState.redirects.append(address)
    guard scriptState.redirects.count <= limits.scriptRedirectsMax else {
      throw .tooManyRedirects(limit: limits.scriptRedirectsMax)
    }
    return true
  }

  private func exclude(_ isConflict: Bool, _ action: Action) throws(Trap) {
    if isConflict { throw .scriptConflict(action.name) }
  }

  /// The script is over; true when that is a verdict.
  mutating func endScript(_ program: borrowing VerifiedProgram) -> Bool {
    let state = scriptState
    scriptState = ScriptState()
    guard !observesAll else { return false }
    let keepsImplicitly = !state.isKeepCancelled
    decisions.scripts.append(
      ScriptResult(keepsImplicitly: keepsImplicitly, keepsExplicitly: state.keeps))
    let rule = currentRule(program)
    func verdict(_ kind: VerdictKind, _ reply: ReplyText?) -> Verdict {
      Verdict(
        kind: kind, reach: .message, reply: reply, phase: phase, rule: rule?.name,
        location: rule?.location, cause: .rule)
    }
    if let text = state.refusal {
      let reply = ReplyText(code: "550", enhanced: "5.7.1", text: text)
      self.verdict = verdict(.reject, reply)
      return true
    }
    if !state.delivers, !keepsImplicitly {
      self.verdict = verdict(.discard, nil)
      return true
    }
    for address in state.redirects { decisions.envelope.append(.add(address)) }
    let isFiled = !state.mailboxes.isEmpty
    if !state.keeps, !keepsImplicitly, !isFiled { decisions.envelope.append(.deleteAccepted) }
    return false
  }
}
