// The runs of a session, one after the other: which comes next, and what a verdict frees.
internal import MailMessage
internal import RuleBytecode

extension PolicySession {
  func run(_ phase: Phase) -> RunResult {
    guard exemption == .none else {
      if phase == .rcpt { machine.keepRecipient(path: recipientPath, policy.program) }
      return .decided(nil)
    }
    stage = .single(phase)
    if phase <= .helo { machine.fuel = machine.limits.fuelMax }
    return begin(phase)
  }

  /// A job of `every`, in a session of its own that has neither client nor mail.
  /// - Parameter index: into the program's timers.
  package func job(_ index: Int) -> RunResult {
    let program = policy.program.program
    stage = .single(.connect)
    machine.fuel = machine.limits.fuelMax
    machine.nowSeconds = now()
    machine.clear(.run, policy.program)
    machine.begin(.connect, at: Int(program.blocks[Int(program.timers[index].block)].start))
    machine.traceRun(.connect)
    return proceed()
  }

  func beginContent(_ next: Stage, phase: Phase) -> RunResult {
    stage = next
    if let trap = machine.loadHeader(policy.program) { return trapped(trap, phase) }
    guard exemption == .none else { return .decided(nil) }
    machine.phase = phase
    machine.verdict = nil
    if !machine.limitNames.isEmpty, machine.answersLimit(policy.program) { return finish() }
    return begin(phase)
  }

  private func begin(_ phase: Phase) -> RunResult {
    if let trap = factTrap {
      factTrap = nil
      return trapped(trap, phase)
    }
    return start(phase) ? proceed() : finish()
  }

  /// Prepares the run of a phase; false when the policy has nothing to run there.
  private func start(_ phase: Phase) -> Bool {
    guard let block = policy.program.block(of: phase) else {
      machine.phase = phase
      machine.verdict = nil
      return false
    }
    machine.nowSeconds = now()
    machine.clear(.run, policy.program)
    machine.begin(phase, at: Int(block.start))
    machine.traceRun(phase)
    return true
  }

  /// Goes on with the run that is prepared, and with those that follow it: a loop, since a message
  /// can have a thousand parts.
  func proceed() -> RunResult {
    repeat {
      do throws(Trap) {
        if machine.meter.takesTime { machine.meter.enter(machine.ruleIndex) }
        defer { if machine.meter.takesTime { machine.meter.enter(nil) } }
        isWaiting = try !machine.resume(policy.program)
        if isWaiting { return .waiting(requests().map(withMail)) }
        machine.traceEnd(policy.program)
      } catch {
        isWaiting = false
        machine.trap(error, machine.phase, policy.program)
      }
    } while startNext()
    return .decided(machine.verdict)
  }

  /// What the run waits for; and since it waits, what it and later ones will ask besides.
  private func requests() -> [CheckRequest] {
    // Answers come one by one: only the first wait asks.
    guard !machine.requests.isEmpty else { return [] }
    return machine.requests
      + machine.startEarly(policy.early, from: machine.phase, policy.program)
  }

  private func trapped(_ trap: Trap, _ phase: Phase) -> RunResult {
    machine.trap(trap, phase, policy.program)
    return finish()
  }

  /// A run that was not run, or no run at all, is over.
  private func finish() -> RunResult { startNext() ? proceed() : .decided(machine.verdict) }

  /// A run is over: remembers what its verdict frees, and prepares the next where there is one.
  private func startNext() -> Bool {
    let verdict = machine.verdict
    if let verdict, verdict.kind == .accept {
      switch verdict.reach {
      case .session: exemption = verdict.phase == .connect ? .session : .greeting
      case .message: exemption = .message
      default: break
      }
    }
    switch stage {
    case .idle, .eom: stage = .idle
    case .single(let phase):
      stage = .idle
      if phase == .rcpt { endRecipient(verdict) }
    case .message, .part:
      if verdict == nil || verdict?.reach == .thisPart { return startNextPart() }
      stage = .idle
    }
    return false
  }

  /// Prepares the run of the next part, or that of `eom` behind the last.
  private func startNextPart() -> Bool {
    let parts = machine.message?.parts ?? []
    var next = if case .part(let index) = stage { index + 1 } else { 0 }
    if policy.program.block(of: .part) == nil { next = parts.count }
    while next < parts.count, machine.isCovered(next, parts) { next += 1 }
    if next < parts.count {
      stage = .part(next)
      machine.partIndex = next
      return start(.part)
    }
    machine.partIndex = nil
    if start(.eom) {
      stage = .eom
      return true
    }
    stage = .idle
    return false
  }

  private func endRecipient(_ verdict: Verdict?) {
    switch verdict?.kind {
    case .reject, .tempfail: machine.dropRecords(since: recipientMark)
    case .accept, .discard, nil: machine.keepRecipient(path: recipientPath, policy.program)
    }
  }

  /// Session space only grows while texts are set: half full, it is copied without the dead ones.
  func compactSession() {
    guard machine.sessionSpace.count > machine.limits.sessionSpaceBytesMax / 2 else { return }
    machine.compactSessionSpace(keeping: &sessionVariables)
  }
}
