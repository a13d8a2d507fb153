// The end of a message: what its rules ordered is made to last, then the last word holds. Nothing
// is stored for a message that is not taken but what outlives that (LANGUAGE.md §3); an errand that
// fails is answered by what the policy says at its rule, as if the command itself had failed.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// Where the end of a message stands.
package enum MessageEnd: Equatable, Sendable {
  case finished(Outcome)
  /// For the answer to this request; `answerErrands` goes on.
  case waiting([CheckRequest])
}

/// What has been done about the message whose rules have ended.
struct ErrandState {
  /// The rules' own verdict, or that of an errand which failed.
  var verdict: Verdict?
  /// An errand failed, and the message is not taken.
  var isGivenUp = false
  /// Done, or failed and answered.
  var settled: Set<ErrandKey> = []
  var waiting: [PlannedErrand] = []
  var requestID: UInt32?
  var chainRequestID: UInt32?
  /// How the ARC chain stands, where no rule had asked.
  var chain: CheckAnswer?
  var signatures: [ErrandKey: [SignedField]] = [:]
}

extension PolicySession {
  /// The rules have said their last word on the message: what comes of it, as soon as all that
  /// must last does.
  package func finish(_ verdict: Verdict?) -> MessageEnd {
    errands = ErrandState(verdict: verdict)
    machine.applyLateScanHeaders()
    return proceedWithErrands()
  }

  /// An errand request is under way, or a question that an errand needs the answer of.
  package var awaitsErrands: Bool { errands.requestID != nil || errands.chainRequestID != nil }

  /// How the errands went; nil for an answer that nobody waits for.
  package func answerErrands(_ id: UInt32, _ answer: CheckAnswer) -> MessageEnd? {
    if errands.chainRequestID == id {
      takeChain(answer)
      return proceedWithErrands()
    }
    guard errands.requestID == id else { return nil }
    switch answer {
    case .errands(let results): take(results)
    case .failed(_, let reason): take(errands.waiting.map { _ in .failed(reason: reason) })
    case .values, .fields, .archive, .truth:
      take(errands.waiting.map { _ in .failed(reason: "the answer cannot be read") })
    }
    return proceedWithErrands()
  }

  /// The time is up.
  package func expireErrands() -> MessageEnd? {
    guard awaitsErrands else { return nil }
    if errands.chainRequestID != nil {
      takeChain(.failed(CheckKind.arc.failure, reason: "timeout"))
    }
    take(errands.waiting.map { _ in .failed(reason: "timeout") })
    return proceedWithErrands()
  }

  private func takeChain(_ answer: CheckAnswer) {
    errands.chainRequestID = nil
    errands.chain = answer
  }

  private func proceedWithErrands() -> MessageEnd {
    while true {
      let outcome = self.outcome(errands.verdict)
      if errands.isGivenUp || wantsNoErrand(outcome) { return .finished(outcome) }
      let planner = ErrandPlanner(self, outcome)
      var wanted = planner.stores().filter { !errands.settled.contains($0.key) }
      if wanted.isEmpty, let request = chainRequest(outcome) {
        errands.chainRequestID = request.id
        return .waiting([request])
      }
      if wanted.isEmpty { wanted = planner.signatures(except: errands.settled) }
      // Mail goes out when everything else is safe.
      if wanted.isEmpty { wanted = planner.mails().filter { !errands.settled.contains($0.key) } }
      if wanted.isEmpty { wanted = planner.notes().filter { !errands.settled.contains($0.key) } }
      if wanted.isEmpty { wanted = planner.lessons().filter { !errands.settled.contains($0.key) } }
      guard !wanted.isEmpty else { return .finished(outcome) }
      if let lost = wanted.first(where: { $0.errand == nil }) {
        settle(lost, lost.failure, "the content is too large")
        continue
      }
      return .waiting([request(wanted)])
    }
  }

  /// True for most messages: delivered, with nothing but edits, and nobody to write to. It spares
  /// them all that plans errands; what it says no to is planned, and may come to none.
  private func wantsNoErrand(_ outcome: Outcome) -> Bool {
    outcome.fate == .accept && outcome.notices.isEmpty && outcome.ownCopies.isEmpty
      && !policy.remembersSenders && machine.decisions.duplicates.isEmpty
      && outcome.recipients.allSatisfy { $0.becomes == nil && !$0.isQuarantined }
      && machine.decisions.actions.allSatisfy(\.kind.isPlainEdit)
  }

  /// The notices that were ordered so far, of a message whose end never comes.
  package func noticeRequests() -> [CheckRequest] {
    let notices = outcome(nil).notices.filter { $0.address?.isEmpty == false }
    guard !notices.isEmpty else { return [] }
    let order = ErrandOrder(
      mail: mailDescription, message: [],
      errands: notices.map { Errand(.notice($0), rule: $0.rules.first) })
    return [
      CheckRequest(
        id: machine.answers.takeID(), kind: .errands, name: "notices", arguments: [],
        timeoutMilliseconds: Int(CheckKind.errands.defaultTimeoutMilliseconds), errands: order)
    ]
  }

  /// A question about the mail at hand that is no rule's.
  package func request(
    _ work: Errand.Work, about message: [UInt8] = [], recipients: [String] = []
  ) -> CheckRequest {
    var mail = mailDescription
    mail.recipients = recipients
    let order = ErrandOrder(mail: mail, message: message, errands: [Errand(work, rule: nil)])
    return CheckRequest(
      id: machine.answers.takeID(), kind: .errands, name: "own mail", arguments: [],
      timeoutMilliseconds: Int(CheckKind.errands.defaultTimeoutMilliseconds), errands: order)
  }

  private func request(_ wanted: [PlannedErrand]) -> CheckRequest {
    let id = machine.answers.takeID()
    errands.requestID = id
    errands.waiting = wanted
    let order = ErrandOrder(
      mail: mailDescription, message: machine.message?.bytes ?? [],
      errands: wanted.compactMap(\.errand))
    return CheckRequest(
      id: id, kind: .errands, name: "\(wanted.count)", arguments: [],
      timeoutMilliseconds: Int(CheckKind.errands.defaultTimeoutMilliseconds), errands: order)
  }

  private func take(_ results: [ErrandResult]) {
    let waiting = errands.waiting
    errands.waiting = []
    errands.requestID = nil
    for (index, planned) in waiting.enumerated() where !errands.isGivenUp {
      switch results.indices.contains(index) ? results[index] : .failed(reason: "no answer") {
      case .done: errands.settled.insert(planned.key)
      case .content(let bytes):
        errands.settled.insert(planned.key)
        for wish in planned.wishes {
          machine.replaceContent(of: wish.action, by: bytes)
        }
      case .fields(let fields):
        errands.settled.insert(planned.key)
        errands.signatures[planned.key] = fields
      case .failed(let reason): settle(planned, planned.failure, reason)
      // Asked for again, unless what failed before it ends the message.
      case .skipped: break
      }
    }
  }

  // MARK: What failed

  /// Each command that wanted this has failed, in their order, until one is a verdict.
  private func settle(_ planned: PlannedErrand, _ failure: FailureClass, _ reason: String) {
    errands.settled.insert(planned.key)
    defer { for wish in planned.wishes { wish.action.map { machine.withdraw($0) } } }
    for wish in planned.wishes {
      machine.failureReasons[failure] = "\(planned.what): \(reason)"
      machine.ruleIndex = rule(named: wish.rule)
      var answers = wish.policy.map { policy.program.program.policies[$0] } ?? FailurePolicy()
      // What cannot be stored cannot be kept there either.
      if failure == .store, answers[.store] == .quarantine { answers[.store] = .tempfail }
      machine.verdict = nil
      if machine.answer(failure, answers, policy.program) {
        errands.verdict = machine.verdict
        errands.isGivenUp = machine.verdict?.kind != .accept
        return
      }
    }
  }

  private func rule(named name: String?) -> UInt32? {
    guard let name else { return nil }
    let program = policy.program.program
    return program.rules.firstIndex { program.string($0.name) == name }.map { UInt32($0) }
  }
}
