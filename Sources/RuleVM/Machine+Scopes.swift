// What ends when: runs, recipients, messages, and what is recorded for each.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// Lengths of the record lists at some moment.
struct RecordMark {
  var pendingEdits = 0
  var actions = 0
  var envelope = 0
  var dispositions = 0
}

extension Machine {
  func recordMark() -> RecordMark {
    RecordMark(
      pendingEdits: pendingEdits.count, actions: decisions.actions.count,
      envelope: decisions.envelope.count, dispositions: decisions.dispositions.count)
  }

  /// A recipient was refused: its run's edits and dispositions are dropped; copies, notices, log
  /// lines and events stay.
  mutating func dropRecords(since mark: RecordMark) {
    pendingEdits.removeLast(pendingEdits.count - mark.pendingEdits)
    decisions.envelope.removeLast(decisions.envelope.count - mark.envelope)
    decisions.dispositions.removeLast(decisions.dispositions.count - mark.dispositions)
    let own = decisions.actions[mark.actions...]
    decisions.actions.replaceSubrange(mark.actions..., with: own.filter { $0.outlivesRefusal })
  }

  /// The message is over. Session facts, variables and answers stay.
  mutating func dropMessage(_ program: borrowing VerifiedProgram) {
    facts.dropMessage()
    for scope in [VariableScope.run, .message, .recipient] { clear(scope, program) }
    score.beginMessage()
    headers.drop()
    parts.drop()
    archives = ArchiveCache()
    answers.dropMessage()
    message = nil
    partIndex = nil
    hitMessageCap = false
    wasLoginAsked = false
    pendingEdits = []
    coveredParts = []
    builtPatterns = BuiltPatterns()
    recordCount = 0
    recordBytes = 0
    accepted = []
    acceptedArguments = []
    recipients = []
    turn = nil
    headersBeforeTurn = HeaderView()
    partRecords = [:]
    ruleNames = []
    messageNumber += 1
    decisions = Decisions()
    verdict = nil
    fuel = limits.fuelMax
    fuelUsed = 0
    Self.empty(&runSpace)
    Self.empty(&messageSpace)
    Self.empty(&decodedSpace)
  }

  /// Keeps small buffers for the next message, gives large ones back.
  private static func empty(_ space: inout [UInt8]) {
    space.removeAll(keepingCapacity: space.capacity <= 16 << 10)
  }

  /// The header of the message at hand becomes the view; what was ordered before is done.
  /// With the whole message the view is kept: its fields are the same.
  mutating func loadHeader(_ program: borrowing VerifiedProgram) -> Trap? {
    guard let message else { return nil }
    do throws(Trap) {
      if headers.isLoaded { return nil }
      headers.load(message)
      try followRelays(program)
      try applyPendingEdits(program)
      return nil
    } catch {
      return error
    }
  }

  /// Names of the input caps that the message has hit.
  var limitNames: [String] {
    var names = message?.limitsHit.map(\.name) ?? []
    if parts.isLimitHit { names.append(MailLimit.decodedBytes.name) }
    if parts.hasTooManyNames { names.append(MailLimit.names.name) }
    names += parts.contentLimitsHit.map(\.name).sorted()
    names += archives.limitsHit.map(\.name).sorted()
    if hitMessageCap { names.append(LimitName.messageBytes.name) }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// An input cap was hit: the policy's own answer, before any rule. True when it is a verdict.
  mutating func answersLimit(_ program: borrowing VerifiedProgram) -> Bool {
    ruleIndex = nil
    return answer(.limit, program.program.policies.first ?? FailurePolicy(), program)
  }

  /// The run was given up: tempfail for what it was about, with a neutral text.
  mutating func trap(_ trap: Trap, _ phase: Phase, _ program: borrowing VerifiedProgram) {
    tracer.add(.ended(.trap(trap)), limit: limits.traceEventsMax)
    let rule = currentRule(program)
    verdict = Verdict(
      kind: .tempfail, reach: Action.tempfail.reach(in: phase),
      reply: ReplyText.neutral(.tempfail), phase: phase, rule: rule?.name,
      location: rule?.location, cause: .trap(trap))
  }

  /// A part inside one that was dropped or replaced is not visited, nor another reading of it.
  func isCovered(_ index: Int, _ parts: [Part]) -> Bool {
    guard !coveredParts.isEmpty else { return false }
    let target = parts[index].target
    var next = target == index ? parts[index].parent : target
    while let part = next {
      if coveredParts.contains(part) { return true }
      next = parts[part].parent
    }
    return false
  }

  mutating func traceRun(_ phase: Phase) {
    guard tracer.isOn else { return }
    tracer.beginRun()
    guard tracer.isFull else { return }
    let subject: String? =
      switch phase {
      case .part: partIndex.flatMap { message?.parts[$0].path }
      case .rcpt:
        facts[.rcpt].map { word in
          String(
            decoding: messageSpace[word.offset..<word.offset + word.length], as: UTF8.self)
        }
      default: nil
      }
    tracer.add(.run(phase, subject: subject), limit: limits.traceEventsMax)
  }

  mutating func traceEnd(_ program: borrowing VerifiedProgram) {
    guard tracer.isFull else { return }
    let rest: TraceEvent.Ending = isAtEnd(program) ? .noMoreRules : .stopped
    let ending = verdict.map { .verdict($0.kind.name) } ?? rest
    tracer.add(.ended(ending), limit: limits.traceEventsMax)
  }

  /// Copies the living texts of session space together: those of the variables, of the facts and
  /// of `others`.
  mutating func compactSessionSpace(keeping others: inout [UInt64]) {
    let old = sessionSpace
    sessionSpace = []
    func moved(_ word: TextWord, _ space: inout [UInt8]) -> TextWord {
      guard word.spaceCode == TextSpace.session.rawValue, !word.isEmpty else { return word }
      let offset = space.count
      space += old[word.offset..<word.offset + word.length]
      return TextWord(.session, offset: offset, length: word.length)
    }
    for index in variables.indices {
      variables[index] = moved(TextWord(bits: variables[index]), &sessionSpace).bits
    }
    for index in others.indices {
      others[index] = moved(TextWord(bits: others[index]), &sessionSpace).bits
    }
    facts.move { word in moved(word, &sessionSpace) }
  }

  /// The address of an ORCPT argument, `rfc822;` taken off (RFC 3461 §4.2).
  func originalRecipient(_ word: TextWord) -> [UInt8] {
    let text = messageSpace[word.offset..<word.offset + word.length]
    guard let semicolon = text.firstIndex(of: UInt8(ascii: ";")) else { return Array(text) }
    return Array(text[(semicolon + 1)...])
  }
}
