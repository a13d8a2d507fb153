// Plays the steps of one test. Steps that a test leaves out are played with the defaults, so that
// `message "…";` alone is a whole session.
internal import Checks
internal import MailMessage
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

final class TestSession {
  /// How far the session has come.
  private enum Stage: Int, Comparable {
    case nothing, connected, greeted, mail, rcpt, data, message
    static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
  }

  /// Noon of a fixed day: what a test says must not depend on when it is run.
  static let defaultSeconds: Int64 = 1_767_268_800

  private let policy: LoadedPolicy
  private let defaults: SessionDefaults
  private let steps: [TestStep]
  private var driver: SessionDriver?
  private var stage = Stage.nothing
  private var seconds = defaultSeconds
  private var json = JSONValue.object([:])
  private var answers = StandInAnswers()
  private var sessionMacros: [(name: String, value: String)] = []
  private var sent: [UInt8]?
  private let coverage: CoverageReport?
  /// Messages that cost more than they can.
  private var overspent: [Difference] = []

  init(
    _ policy: LoadedPolicy, defaults: SessionDefaults, steps: [TestStep],
    coverage: CoverageReport?
  ) {
    self.policy = policy
    self.defaults = defaults
    self.steps = steps
    self.coverage = coverage
    for step in defaults.opening { prepare(step.kind) }
  }

  /// Plays all steps; gives what came out differently than expected. The range is nil where it is
  /// about the test as a whole.
  func play() -> [(range: SourceRange?, differences: [Difference])] {
    var failures: [(range: SourceRange?, differences: [Difference])] = []
    for (index, step) in steps.enumerated() {
      if case .expect(let expected) = step.kind {
        let differences = check(expected)
        if !differences.isEmpty { failures.append((step.range, differences)) }
      } else {
        play(step.kind, at: index)
      }
    }
    collect()
    if !overspent.isEmpty { failures.append((nil, overspent)) }
    return failures
  }

  private func check(_ expected: PlacedExpectation) -> [Difference] {
    guard let driver else { return [] }
    return ExpectationCheck(played: driver.played(), sent: sent).differences(expected)
  }

  private func play(_ kind: TestStep.Kind, at index: Int) {
    switch kind {
    case .connect(let client): connect(client)
    case .helo(let name, let tls): helo(name, tls)
    case .mail(let mail): self.mail(mail, at: index)
    case .rcpt(let recipients): rcpt(recipients, at: index)
    case .data: data(at: index)
    case .message(let bytes): message(bytes, at: index)
    case .rset: reset()
    case .every(let name): every(name)
    case .macro, .now, .answers, .expect: prepare(kind)
    }
  }

  /// What needs no session yet.
  private func prepare(_ kind: TestStep.Kind) {
    switch kind {
    case .now(let seconds): self.seconds = seconds
    case .answers(let value):
      json = json.merged(with: value)
      // Each piece was read as answers before, and objects of answers joined are answers.
      if let bytes = json.bytes, let read = try? StandInAnswers(json: bytes) { answers = read }
      driver?.answerTables(named: answers.tableNames)
    case .macro(let name, let value):
      if stage < .mail { sessionMacros.append((name, value)) }
      driver?.setMacro(name, value, outlivesMessage: stage < .mail)
    default: break
    }
  }

  // MARK: Steps

  private func connect(_ client: ClientDescription) {
    let driver = begin()
    for macro in sessionMacros { driver.setMacro(macro.name, macro.value, outlivesMessage: true) }
    driver.connect(client)
    stage = .connected
  }

  /// What the job says and does is seen until the next step.
  private func every(_ name: String) {
    let jobs = policy.program.program.jobs
    // The policy has it, or no test of the file is run.
    guard let index = jobs.firstIndex(where: { $0.name == name }) else { return }
    begin().job(index)
    stage = .nothing
  }

  private func begin() -> SessionDriver {
    collect()
    let driver = SessionDriver(
      policy: policy, sessionID: "test", isCounted: coverage != nil,
      now: { [unowned self] in seconds },
      answer: { [unowned self] in answers.answer(to: $0) })
    self.driver = driver
    driver.answerTables(named: answers.tableNames)
    sent = nil
    return driver
  }

  private func helo(_ name: String, _ tls: TLSDescription) {
    if stage < .connected { connect(defaults.client) }
    reset()
    driver?.helo(name, tls: tls)
    stage = .greeted
  }

  private func mail(_ mail: TestStep.Mail, at index: Int) {
    if stage < .greeted { helo(defaults.helo, defaults.tls) }
    reset()
    let sender = mail.sender ?? header(from: index)?.writtenSender ?? "sender@client.example"
    driver?.mail(sender, arguments: mail.arguments, login: mail.login)
    stage = .mail
  }

  private func rcpt(_ recipients: TestStep.Recipients, at index: Int) {
    if stage < .mail || stage == .message { mail(defaults.mail, at: index) }
    for address in recipients.addresses {
      driver?.recipient(address, arguments: recipients.arguments, mailer: recipients.mailer)
    }
    stage = .rcpt
  }

  private func data(at index: Int) {
    if stage < .mail || stage == .message { mail(defaults.mail, at: index) }
    if stage < .rcpt {
      var written = TestStep.Recipients()
      written.addresses = header(from: index)?.writtenRecipients ?? []
      for recipients in defaults.recipients.isEmpty ? [written] : defaults.recipients {
        rcpt(recipients, at: index)
      }
    }
    driver?.data()
    stage = .data
  }

  private func message(_ bytes: [UInt8], at index: Int) {
    if stage != .data { data(at: index) }
    sent = bytes
    driver?.message(bytes)
    stage = .message
  }

  private func reset() {
    guard stage > .greeted else { return }
    measure()
    driver?.reset()
    sent = nil
    stage = .greeted
  }

  /// The header of the message that this transaction will bring.
  private func header(from index: Int) -> MailMessage? {
    for step in steps[index...] {
      if case .message(let bytes) = step.kind { return MailMessage.headerOnly(bytes) }
    }
    return nil
  }

  private func collect() {
    guard let driver else { return }
    measure()
    coverage?.add(driver.coverage, of: policy.program.program)
  }

  private func measure() {
    if let difference = driver?.cost.difference { overspent.append(difference) }
  }
}
