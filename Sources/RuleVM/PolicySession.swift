// The rules of one SMTP session: events in, verdicts out. It knows phases, scopes and what ends
// when; it knows no milter and no network. Used by one thread at a time.
package import MailEdits
package import MailMessage
package import RuleBytecode

/// A verified program as many sessions share it; immutable.
package final class LoadedPolicy: Sendable {
  package let program: VerifiedProgram
  package let tables: TableStore
  package let patterns = PatternShelf()
  /// For `org_domain`; without it those facts are absent.
  package let suffixes: PublicSuffixList?
  /// What `own` names.
  let own: OwnTables

  package init(
    _ program: VerifiedProgram, tables: TableStore = TableStore(),
    suffixes: PublicSuffixList? = nil
  ) {
    self.program = program
    self.tables = tables
    self.suffixes = suffixes
    own = OwnTables(program.program)
  }
}

package final class PolicySession {
  /// Where an evaluation stands, so that it can go on when an answer comes.
  enum Stage: Equatable {
    case idle
    case single(Phase)
    case message
    case part(Int)
    case eom
  }

  /// How far an `accept` has freed the session from the rules; `greeting` ends with another HELO.
  private enum Exemption { case none, message, greeting, session }

  package let policy: LoadedPolicy
  let mailLimits: MailLimits
  /// What the policy says of the whole message; whoever receives it has a limit of its own.
  private let messageBytesMax: Int?
  private let now: () -> Int64
  var machine: Machine
  var stage = Stage.idle
  private var exemption = Exemption.none
  private var isWaiting = false
  /// A fact did not fit: the next run must not take it for absent.
  var factTrap: Trap?
  /// Session state as it was before HELO, so that another HELO can begin anew.
  private var sessionVariables: [UInt64] = []
  private var heloMarked = false
  /// What this recipient's run recorded begins here.
  private var recipientMark = RecordMark()
  private var recipientPath: [UInt8] = []
  /// Whether the mail is submitted without SMTP, where whoever drives the session knows; else it
  /// is told from what the mail server says.
  package var isLocalSubmission: Bool?

  package init(
    policy: LoadedPolicy, sessionID: String, limits: MachineLimits = MachineLimits(),
    mailLimits: MailLimits = MailLimits(), types: TypeOracle, isTraced: Bool = false,
    isCounted: Bool = false, observes: Bool = false, now: @escaping () -> Int64
  ) {
    self.policy = policy
    self.now = now
    let program = policy.program.program
    let declared = program.declaredLimits
    self.mailLimits = mailLimits.lowered(by: declared)
    messageBytesMax = declared[.messageBytes]
    machine = Machine(
      variableCount: program.variables.count, limits: limits.lowered(by: declared), types: types,
      patterns: policy.patterns, tables: policy.tables, observesAll: observes,
      linkSalt: Array(sessionID.utf8))
    machine.tracer.isOn = isTraced
    machine.settings = SieveSettings(program)
    machine.suffixes = policy.suffixes
    machine.own = policy.own
    if isCounted {
      machine.coverage = CoverageMarks(
        probeCount: program.probes.count, ruleCount: program.rules.count)
    }
    set(.sessionID, Array(sessionID.utf8))
    set(.defangVersion, Array(Defang.version.utf8))
  }

  /// From now on these tables are asked, whatever files they have: for trials and tests.
  package func askTables(named names: Set<String>) {
    machine.tables = policy.tables.without(names, policy.program.program)
  }

  // MARK: Events

  package func connect() -> RunResult { run(.connect) }

  /// HELO or EHLO; again means that the former one's run is forgotten.
  package func helo(_ name: [UInt8]) -> RunResult {
    if heloMarked {
      // Only what that run set is forgotten: what MAIL and later runs set stays.
      for index in machine.heloVariables { machine.variables[index] = sessionVariables[index] }
    } else {
      sessionVariables = machine.variables
      heloMarked = true
    }
    machine.heloVariables = []
    if exemption == .greeting { exemption = .none }
    machine.score.beginHelo()
    compactSession()
    set(.helo, name)
    return run(.helo)
  }

  /// MAIL FROM: the path with or without its brackets, and the ESMTP arguments `NAME=VALUE`.
  package func mail(_ path: [UInt8], arguments: [[UInt8]] = []) -> RunResult {
    let mailbox = AddressParser.path(path.span)
    machine.facts[.sender] = kept(
      mailbox.text(orRaw: path), outlivesMessage: false, isName: true)
    machine.mailSeconds = now()
    set(.senderLocal, mailbox.local.utf8)
    set(.senderDomain, mailbox.domain.utf8)
    set(.senderOrgDomain, (policy.suffixes?.organisation(of: mailbox.domain) ?? "").utf8)
    machine.facts.senderArguments = keep(arguments)
    machine.isLocalSubmission = isLocalSubmission ?? knowsQueueID
    machine.fuel = machine.limits.fuelMax
    return run(.mail)
  }

  package func recipient(_ path: [UInt8], arguments: [[UInt8]] = []) -> RunResult {
    let mailbox = AddressParser.path(path.span)
    machine.score.beginRecipient()
    machine.clear(.recipient, policy.program)
    recipientMark = machine.recordMark()
    recipientPath = path
    set(.rcpt, mailbox.text(orRaw: path))
    set(.rcptLocal, mailbox.local.utf8)
    set(.rcptDomain, mailbox.domain.utf8)
    machine.facts.rcptArguments = keep(arguments)
    let original = machine.facts.rcptArguments[Array("ORCPT".utf8)]
    set(.rcptOriginal, original.map { machine.originalRecipient($0) } ?? [])
    return run(.rcpt)
  }

  package func data() -> RunResult { run(.data) }

  /// End of the header: its bytes, with or without the blank line.
  package func headers(_ bytes: [UInt8]) -> RunResult {
    guard exemption == .none else { return .decided(nil) }
    machine.message = MailMessage.headerOnly(bytes, limits: mailLimits)
    return beginContent(.single(.headers), phase: .headers)
  }

  /// The whole message: phases message, part and eom, which may suspend more than once.
  package func endOfMessage(_ bytes: [UInt8], isTruncated: Bool = false) -> RunResult {
    machine.message = MailMessage(bytes, limits: mailLimits)
    machine.parts.drop()
    machine.hitMessageCap = isTruncated || bytes.count > messageBytesMax ?? .max
    return beginContent(.message, phase: .message)
  }

  /// An answer from outside; nil when it changes nothing now.
  package func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunResult? {
    guard machine.answers.file(id, answer), isWaiting else { return nil }
    let result = proceed()
    if case .waiting(let requests) = result, requests.isEmpty { return nil }
    return result
  }

  /// The time is up: what is not answered has failed.
  package func expireChecks() -> RunResult? {
    guard isWaiting else { return nil }
    machine.answers.expire()
    return proceed()
  }

  /// The message is over: answered, RSET, or the next MAIL.
  package func resetMessage() {
    stage = .idle
    isWaiting = false
    factTrap = nil
    if exemption == .message { exemption = .none }
    machine.dropMessage(policy.program)
    compactSession()
  }

  /// What has been decided about the message so far, edits included.
  package var decisions: Decisions { machine.decisions }
  package var phase: Phase { machine.phase }
  package var score: Int64 { machine.score.sum(withRecipient: machine.phase == .rcpt) }
  /// How long the reply to the latest run is to be held back.
  package var delaySeconds: Int { machine.delaySeconds }
  package var fuelUsed: Int { machine.fuelUsed }
  package var message: MailMessage? { machine.message }
  package var limitsHit: [String] { machine.limitNames }
  /// Trace events since they were last taken.
  package func takeTrace() -> [TraceEvent] { machine.tracer.take() }
  /// What the session's runs have covered, when it was asked to count.
  package var coverage: CoverageMarks { machine.coverage }
  /// Edits to carry out: header and parts together.
  package var editPlan: EditPlan { machine.decisions.edits }

  // MARK: Running

  private func run(_ phase: Phase) -> RunResult {
    guard exemption == .none else {
      if phase == .rcpt { machine.keepRecipient(path: recipientPath, policy.program) }
      return .decided(nil)
    }
    stage = .single(phase)
    if phase <= .helo { machine.fuel = machine.limits.fuelMax }
    return begin(phase)
  }

  private func beginContent(_ next: Stage, phase: Phase) -> RunResult {
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
    guard let block = policy.program.program.block(of: phase) else {
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
  private func proceed() -> RunResult {
    repeat {
      do throws(Trap) {
        isWaiting = try !machine.resume(policy.program)
        if isWaiting { return .waiting(machine.requests) }
        machine.traceEnd(policy.program)
      } catch {
        isWaiting = false
        machine.trap(error, machine.phase, policy.program)
      }
    } while startNext()
    return .decided(machine.verdict)
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
    if policy.program.program.block(of: .part) == nil { next = parts.count }
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
  private func compactSession() {
    guard machine.sessionSpace.count > machine.limits.sessionSpaceBytesMax / 2 else { return }
    machine.compactSessionSpace(keeping: &sessionVariables)
  }
}
