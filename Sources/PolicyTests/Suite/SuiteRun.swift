// One script run to its end, or to its next question to the runner.
internal import RuleBytecode
internal import RuleVM

final class SuiteRun {
  let session: PolicySession
  private let onAction: (SuiteAction) -> Void
  /// Whether `duplicate` has seen this before.
  private let seen: ([String]) -> Bool
  /// What the suite has set.
  var settings: SuiteSettings { didSet { session.setSettings(settings.sieve) } }
  private var result: RunResult
  /// Caps that hold all messages at hand so far, and their number.
  private var caps: InputCaps
  private var messageCount = 1

  init(
    _ program: VerifiedProgram, mail: SuiteMail, settings: SuiteSettings,
    seen: @escaping ([String]) -> Bool, onAction: @escaping (SuiteAction) -> Void
  ) {
    self.onAction = onAction
    self.seen = seen
    caps = CostBound.caps(for: mail.bytes, recipients: 1)
    var limits = MachineLimits()
    limits.checksMax = .max
    limits.checkArgumentBytesMax = .max
    // Whole suites run as one script.
    limits.recordsMax = .max
    session = PolicySession(
      policy: LoadedPolicy(program), sessionID: "suite", limits: limits, types: TypeOracle(),
      now: { 1_767_268_800 })
    session.setSender(Array(mail.sender.utf8))
    session.setRecipient(Array(mail.recipient.utf8))
    session.set(.authUser, mail.user.utf8)
    self.settings = settings
    session.setSettings(settings.sieve)
    result = .decided(nil)
    result = session.endOfMessage(mail.bytes)
  }

  /// The message with the edits so far.
  var message: [UInt8] { session.currentMessage }

  /// Another message takes the place of the one at hand; false when it does not fit the machine.
  func replaceMessage(_ bytes: [UInt8]) -> Bool {
    caps.widen(to: CostBound.caps(for: bytes, recipients: 1))
    messageCount += 1
    return session.replaceMessage(bytes)
  }

  /// What was spent, and the most that it can have been: whatever is done once for a message was
  /// done for each.
  var cost: CostBound {
    let worst = CostEstimate.estimate(session.policy.program, caps: caps)
    let (bound, overflow) = worst.messageFuel.multipliedReportingOverflow(by: messageCount)
    return CostBound(used: session.fuelUsed, bound: overflow ? .max : bound)
  }

  /// Goes on to the next question that is no action; nil at the end.
  func question() -> (SuiteQuestion, id: UInt32)? {
    while case .waiting(let requests) = result, let request = requests.first {
      if request.kind == .duplicate {
        answer(request.id, .truth(seen(request.arguments)))
        continue
      }
      guard request.kind == .suite else {
        // What was asked together goes on when all of it is answered.
        for one in requests {
          let isListing = one.kind == .table
          answer(one.id, isListing ? listing(one.arguments) : .failed(one.kind.failure))
        }
        if result == .waiting(requests) { return nil }
        continue
      }
      let question = SuiteQuestion(request)
      guard question.command == "do" else { return (question, request.id) }
      if let action = action(question) { onAction(action) }
      answer(request.id, .truth(true))
    }
    return nil
  }

  /// Whether a key stands in a list of the suite's settings.
  private func listing(_ arguments: [String]) -> CheckAnswer {
    guard let name = arguments.first, let key = arguments.last, let list = settings.list(name)
    else { return .failed(.table, reason: "there is no such list") }
    return .values(list.contains(key.lowercased()) ? ["1"] : [])
  }

  func answer(_ id: UInt32, _ answer: CheckAnswer) {
    if let next = session.answer(id, answer) { result = next }
  }

  /// Runs to the end; a script that asks for a suite's commands there is told no.
  func finish() -> String? {
    while let (_, id) = question() { answer(id, .truth(false)) }
    return trouble
  }

  /// What went wrong without an end of the script, as its log says it.
  var complaints: [String] {
    session.decisions.log.filter { $0.level == .error }.map(\.text)
  }

  /// Why the script was given up; nil when it came to its end.
  var trouble: String? {
    guard case .decided(let verdict?) = result else { return nil }
    switch verdict.cause {
    case .trap(let trap): return trap.message
    case .failure(let failure): return "a check of class :\(failure.name) failed"
    case .rule: return nil
    }
  }

  private func action(_ question: SuiteQuestion) -> SuiteAction? {
    let kind: SuiteAction.Kind
    switch question.action {
    case "keep": kind = .keep
    case "fileinto": kind = .store(folder: question.texts(of: "mailbox").first ?? "")
    case "redirect": kind = .redirect(to: question.texts(of: "address").first ?? "")
    case "reject", "ereject": kind = .reject(text: question.texts(of: "text").first ?? "")
    case "discard": kind = .discard
    default: return nil
    }
    return SuiteAction(
      kind: kind, isCopy: question.has("copy"), createsFolder: question.has("create"),
      message: message)
  }
}
