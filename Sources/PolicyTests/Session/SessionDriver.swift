// Plays SMTP sessions against a policy step by step, as a mail server and the daemon would, without
// either. Outside checks get the answers that were given beforehand; nothing waits for time.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode
package import RuleVM

package final class SessionDriver {
  private let session: PolicySession
  private let answer: (CheckRequest) -> CheckAnswer
  private var isLocalSubmission = false
  /// A verdict of the connection, which every message of it gets.
  private var sessionVerdict: Verdict?
  private var messageVerdict: Verdict?
  /// An `accept` of the session or message: the rest is played without rules.
  private var acceptance: Verdict?
  private var recipients: [PlayedSession.Recipient] = []
  private var sent: [UInt8]?
  /// HELO runs that were paid since the last message.
  private var greetingCount = 0
  /// Into the program's timers, where a job was run instead of a session.
  private var job: Int?

  /// - Parameter answer: what the outside says; asked once for each question.
  package init(
    policy: LoadedPolicy, sessionID: String, isTraced: Bool = false,
    isCounted: Bool = false, observes: Bool = false, now: @escaping () -> Int64,
    answer: @escaping (CheckRequest) -> CheckAnswer
  ) {
    session = PolicySession(
      policy: policy, sessionID: sessionID, types: TypeOracle(), isTraced: isTraced,
      isCounted: isCounted, observes: observes, now: now)
    self.answer = answer
  }

  /// The verdict that holds for the message now.
  private var verdict: Verdict? { sessionVerdict ?? messageVerdict }

  /// These tables are answered as outside checks are, whatever files they have.
  package func answerTables(named names: Set<String>) {
    if !names.isEmpty { session.askTables(named: names) }
  }

  // MARK: The session's steps

  package func connect(_ client: ClientDescription) {
    isLocalSubmission = client.isLocalSubmission
    let address = isLocalSubmission ? "127.0.0.1" : client.address
    let name = isLocalSubmission ? "localhost" : client.name ?? "[\(address)]"
    session.set(.clientIP, address.utf8)
    session.set(.clientDirectIP, address.utf8)
    session.set(.clientName, name.utf8)
    give(.clientPTR, client.ptr)
    give(.clientPort, client.port.map(String.init))
    give(.serverIP, client.serverAddress)
    give(.serverPort, client.serverPort.map(String.init))
    give(.serverName, client.serverName)
    give(.serverDaemon, client.daemon)
    sessionVerdict = refusal(session.connect())
  }

  package func helo(_ name: String, tls: TLSDescription = TLSDescription()) {
    if sessionVerdict?.phase == .connect { return }
    give(.tlsVersion, tls.version)
    give(.tlsCipher, tls.cipher)
    give(.tlsBits, tls.bits.map(String.init))
    give(.tlsVerified, tls.isVerified ? "yes" : nil)
    give(.tlsSubject, tls.subject)
    give(.tlsIssuer, tls.issuer)
    greetingCount += 1
    sessionVerdict = refusal(session.helo(Array(name.utf8)))
  }

  package func mail(
    _ sender: String, arguments: [String] = [], login: LoginDescription = LoginDescription()
  ) {
    guard verdict == nil else { return }
    // A mail server names nobody where nobody has logged in.
    let user = login.user.flatMap { $0.isEmpty ? nil : $0 }
    give(.authUser, user)
    give(.authType, login.mechanism ?? (user == nil ? nil : "PLAIN"))
    give(.authAuthor, login.author)
    give(.queueID, login.queueID ?? (isLocalSubmission ? "LOCAL" : nil))
    messageVerdict = refusal(
      session.mail(Array(sender.utf8), arguments: arguments.map { Array($0.utf8) }))
  }

  package func recipient(
    _ address: String, arguments: [String] = [], mailer: MailerDescription = MailerDescription()
  ) {
    guard verdict == nil else { return }
    give(.rcptMailer, mailer.mailer)
    give(.rcptHost, mailer.host)
    give(.rcptAddr, mailer.address)
    let found = settled(
      session.recipient(Array(address.utf8), arguments: arguments.map { Array($0.utf8) }))
    if let found, found.reach == .message, found.kind != .accept {
      messageVerdict = found
      return
    }
    if found?.reach == .message { acceptance = acceptance ?? found }
    recipients.append(.init(address: address, verdict: found))
  }

  package func data() {
    guard verdict == nil else { return }
    messageVerdict = refusalOfAll ?? refusal(session.data())
  }

  /// The last recipient's refusal when none is left; a message without any was never asked about.
  private var refusalOfAll: Verdict? {
    let refused = recipients.compactMap(\.verdict).filter { $0.kind != .accept }
    return !refused.isEmpty && refused.count == recipients.count ? refused.last : nil
  }

  /// The message's header, then all of it.
  package func message(_ bytes: [UInt8]) {
    guard verdict == nil else { return }
    sent = bytes
    let end = MailMessage.headerOnly(bytes).headerEnd
    messageVerdict = refusal(session.headers(Array(bytes[..<end])))
    guard verdict == nil else { return }
    messageVerdict = refusal(session.endOfMessage(bytes))
  }

  /// The message is over: RSET, or the next MAIL.
  package func reset() {
    session.resetMessage()
    messageVerdict = nil
    if acceptance?.reach == .message { acceptance = nil }
    recipients = []
    sent = nil
    greetingCount = 0
  }

  /// One run of a job of `every`, on a driver that has played nothing.
  /// - Parameter index: into the program's timers.
  package func job(_ index: Int) {
    job = index
    messageVerdict = settled(session.job(index))
  }

  package func setMacro(_ name: String, _ value: String, outlivesMessage: Bool) {
    session.setMacro(
      Array(name.utf8), Array(value.utf8), outlivesMessage: outlivesMessage)
  }

  /// What is not said stays as a macro may have said it.
  private func give(_ fact: Fact, _ text: String?) {
    if let text { session.set(fact, text.utf8) }
  }

  // MARK: What came of it

  /// The state now. Trace events are handed out once.
  package func played() -> PlayedSession {
    var played = PlayedSession()
    played.verdict = verdict ?? acceptance
    played.outcome = session.outcome(played.verdict)
    played.recipients = weighed(played.outcome.recipients)
    played.decisions = session.decisions
    played.score = session.score
    played.fuelUsed = session.fuelUsed
    played.limits = session.limitsHit
    if played.outcome.isDelivered, let sent {
      let plan = session.editPlan(for: played.outcome)
      let message = session.message ?? MailMessage(sent)
      played.result = session.edited(message, by: plan).bytes()
    }
    played.trace = session.takeTrace()
    return played
  }

  /// The recipients with what their turns at the end led to.
  private func weighed(_ ends: [RecipientOutcome]) -> [PlayedSession.Recipient] {
    var ends = Array(ends.enumerated())[...]
    let own = session.decisions.dispositions.filter { $0.kind == .quarantine }
    return recipients.map { recipient in
      guard recipient.isAccepted, let (index, end) = ends.popFirst() else { return recipient }
      var result = recipient
      result.verdict = end.verdict ?? recipient.verdict
      result.isQuarantined = end.isQuarantined
      result.quarantine = own.first { $0.recipient == index }
      result.becomes = end.becomes
      return result
    }
  }

  package var coverage: CoverageMarks { session.coverage }

  /// What was spent since the last message, and the most that it can have been.
  var cost: CostBound {
    let caps = CostBound.caps(for: sent ?? [], recipients: recipients.count)
    let worst = CostEstimate.estimate(session.policy.program, caps: caps)
    if let job { return CostBound(used: session.fuelUsed, bound: worst.jobs[job].fuel) }
    let bound =
      worst.fuel(of: .connect) + greetingCount * worst.fuel(of: .helo) + worst.messageFuel
    return CostBound(used: session.fuelUsed, bound: bound)
  }

  // MARK: Verdicts

  /// The verdict when it ends the message; an accept lets the rest be played, which then runs no
  /// rule but still gathers what is needed to deliver.
  private func refusal(_ result: RunResult) -> Verdict? {
    let verdict = settled(result)
    guard verdict?.kind == .accept else { return verdict }
    if verdict?.reach != .thisPart { acceptance = acceptance ?? verdict }
    return nil
  }

  /// Answers what is asked until the run is over.
  private func settled(_ result: RunResult) -> Verdict? {
    var result = result
    while case .waiting(let requests) = result {
      for request in requests {
        if let next = session.answer(request.id, answer(request)) { result = next }
      }
      if case .waiting(let again) = result, again == requests {
        result = session.expireChecks() ?? .decided(nil)
      }
    }
    guard case .decided(let verdict) = result else { return nil }
    return verdict
  }
}
