// The rules of one SMTP session: events in, verdicts out. It knows phases, scopes and what ends
// when; it knows no milter and no network. Used by one thread at a time.
package import MailEdits
package import MailMessage
package import RuleBytecode

/// A verified program as many sessions share it; immutable.
package final class LoadedPolicy: Sendable {
  package let program: VerifiedProgram
  package let tables: TableStore
  package let patterns: PatternShelf
  /// For `org_domain`; without it those facts are absent.
  package let suffixes: PublicSuffixList?
  /// What logs call it: the first eight bytes of its digest.
  package let imageName: String
  /// Checks that start before their rules ask.
  let early: [EarlyCheck]
  /// Something needs the header before the rest of the message is there.
  let readsHeaderFirst: Bool
  /// What `own` names.
  let own: OwnTables
  /// Some rule that is not only observed asks what is known of senders.
  let remembersSenders: Bool
  /// What `on_mixed` says.
  let mixedFates: [VerdictKind: MixedFate]
  /// Buffers of its sessions for what they decode.
  let spaces = SpacePool()

  /// - Parameter hasSieves: false to match all patterns one by one, for comparison.
  package init(
    _ program: VerifiedProgram, tables: TableStore = TableStore(),
    suffixes: PublicSuffixList? = nil, hasSieves: Bool = true
  ) {
    self.program = program
    patterns = PatternShelf(program.program, hasSieves: hasSieves)
    self.tables = tables
    self.suffixes = suffixes
    own = OwnTables(program.program)
    remembersSenders = program.program.remembersSenders
    mixedFates = Self.mixedFates(of: program.program)
    imageName = program.digest.prefix(8).hex
    // Behind relays it is not known before the header whom a check will be about.
    early = own.relays.isEmpty ? program.program.earlyChecks : []
    readsHeaderFirst = program.block(of: .headers) != nil || !early.isEmpty
  }
}

/// What a session that runs for real has beyond its policy.
package struct SessionState {
  /// What `replace_with_link :salt` adds to a digest: secret, and the same for every session, so
  /// that a file has one address.
  package var linkSalt: [UInt8]?
  /// Hard to guess, and never given twice.
  package var newQuarantineID: (() -> String)?
  /// Values that switches were given; others have those of the policy.
  package var switches: [String: String] = [:]

  package init() {}
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
  enum Exemption { case none, message, greeting, session }

  package let policy: LoadedPolicy
  let mailLimits: MailLimits
  /// What the policy says of the whole message; whoever receives it has a limit of its own.
  private let messageBytesMax: Int?
  let now: () -> Int64
  var machine: Machine
  var stage = Stage.idle
  var exemption = Exemption.none
  var isWaiting = false
  /// A fact did not fit: the next run must not take it for absent.
  var factTrap: Trap?
  /// Session state as it was before HELO, so that another HELO can begin anew.
  var sessionVariables: [UInt64] = []
  private var heloMarked = false
  /// Of the message at hand the end is missing.
  package private(set) var isTruncated = false
  /// What the end of the message at hand still waits for.
  var errands = ErrandState()
  /// What this recipient's run recorded begins here.
  var recipientMark = RecordMark()
  var recipientPath: [UInt8] = []
  /// Whether the mail is submitted without SMTP, where whoever drives the session knows; else it
  /// is told from what the mail server says.
  package var isLocalSubmission: Bool?

  package init(
    policy: LoadedPolicy, sessionID: String, limits: MachineLimits = MachineLimits(),
    mailLimits: MailLimits = MailLimits(), types: TypeOracle, isTraced: Bool = false,
    isCounted: Bool = false, observes: Bool = false, state: SessionState = SessionState(),
    now: @escaping () -> Int64
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
      linkSalt: state.linkSalt ?? Array(sessionID.utf8),
      newQuarantineID: state.newQuarantineID)
    machine.tracer.isFull = isTraced
    machine.settings = SieveSettings(program)
    machine.suffixes = policy.suffixes
    machine.own = policy.own
    if isCounted {
      machine.coverage = CoverageMarks(
        probeCount: program.probes.count, ruleCount: program.rules.count)
    }
    set(.sessionID, Array(sessionID.utf8))
    set(.defangVersion, Array(Defang.version.utf8))
    setSwitches(state.switches)
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
    guard policy.readsHeaderFirst else {
      // It is read with the message.
      machine.phase = .headers
      machine.verdict = nil
      return .decided(nil)
    }
    machine.message = MailMessage.headerOnly(bytes, limits: mailLimits)
    return beginContent(.single(.headers), phase: .headers)
  }

  /// The whole message: phases message, part and eom, which may suspend more than once.
  package func endOfMessage(_ bytes: [UInt8], isTruncated: Bool = false) -> RunResult {
    machine.message = MailMessage(bytes, limits: mailLimits)
    policy.spaces.lend(&machine.decodedSpace)
    self.isTruncated = isTruncated
    machine.parts.drop()
    machine.archives = ArchiveCache()
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

  /// Checks to start now, between runs: later ones will ask them.
  package func earlyRequests() -> [CheckRequest] {
    guard !policy.early.isEmpty, exemption == .none, !isWaiting else { return [] }
    let isRefused = machine.verdict.map { $0.kind != .accept && machine.phase != .rcpt } ?? false
    guard !isRefused, let next = Phase(rawValue: machine.phase.rawValue + 1) else { return [] }
    return machine.startEarly(policy.early, from: next, policy.program).map(withMail)
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
    errands = ErrandState()
    isTruncated = false
    if exemption == .message { exemption = .none }
    policy.spaces.takeBack(&machine.decodedSpace)
    machine.dropMessage(policy.program)
    compactSession()
  }

  /// What has been decided about the message so far, edits included.
  package var decisions: Decisions { machine.decisions }
  package var phase: Phase { machine.phase }
  package var score: Int64 { machine.score.sum(withRecipient: machine.phase == .rcpt) }
  /// How long the reply to the latest run is to be held back; said once.
  package func takeDelaySeconds() -> Int {
    defer { machine.delaySeconds = 0 }
    return machine.delaySeconds
  }
  package var fuelUsed: Int { machine.fuelUsed }
  package var message: MailMessage? { machine.message }
  package var limitsHit: [String] { machine.limitNames }
  /// Trace events since they were last taken.
  package func takeTrace() -> [TraceEvent] { machine.tracer.take() }
  /// What the session's runs have covered, when it was asked to count.
  package var coverage: CoverageMarks { machine.coverage }
  /// Edits to carry out: header and parts together.
  package var editPlan: EditPlan { machine.decisions.edits }

  /// Those of the message as it goes on by the mail server, what was found out about it included.
  package func editPlan(for outcome: Outcome) -> EditPlan {
    editPlan(ofRecipient: outcome.editedFor)
  }

  /// Those of a recipient's own copy; nil for what all others get.
  func editPlan(ofRecipient index: Int?) -> EditPlan {
    let own = index.flatMap { machine.decisions.recipientEdits[$0] }
    var plan = own.map { editPlan.followed(by: $0) } ?? editPlan
    for field in resultsFields(ofRecipient: index) { plan.state(field) }
    return plan
  }
}
