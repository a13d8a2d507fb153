// `defang-rulec trace`: the same as `run`, told step by step.
internal import ArgumentParser
internal import Checks
internal import PolicyTests
internal import RuleBytecode
internal import RuleVM

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show what a policy does with one message, test by test.",
    discussion: """
      Examples:
        defang-rulec trace policy.rules --message mail.eml --to user@example.com
        defang-rulec trace policy.rules --message mail.eml --level rule
        defang-rulec trace policy.rules --every health --answers answers.json
        defang-rulec trace policy.rules --session /var/lib/defang/faults/ID/session.json
      """)

  enum Level: String, ExpressibleByArgument, CaseIterable { case verdict, rule, test, value }

  @Argument(help: "The policy: .rules files, or one .drc image.")
  var policy: [String]
  @OptionGroup var session: SessionOptions
  @Option(help: "How much is told: verdict, rule, test or value.")
  var level = Level.value
  @Option(help: "Show one run of this job of 'every', instead of what becomes of a message.")
  var every: String?
  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() throws {
    let answers = try session.standIns()
    let policy = try PolicyFiles.policy(policy, answered: answers.tableNames)
    PolicyFiles.noteOpenQuestions(policy)
    if let every { return show(try trace(every, policy, answers)) }
    let player = try SessionPlayer(
      policy: policy, options: session, answers: answers, isTraced: true)
    let played = player.play()
    show(played.trace)
    Output.out(json ? JSONText.line(RunReport(played)) : RunReport(played).text)
  }

  private func show(_ trace: [TraceEvent]) {
    for event in trace.compactMap({ $0.shown(at: level) }) {
      Output.out(json ? JSONText.line(TraceJSON(event)) : TraceText.line(event) + "\n")
    }
  }

  /// A run of a job, which has neither client nor mail.
  private func trace(
    _ name: String, _ policy: LoadedPolicy, _ answers: StandInAnswers
  ) throws -> [TraceEvent] {
    guard let index = policy.program.program.jobs.firstIndex(where: { $0.name == name }) else {
      throw ValidationError("the policy has no job '\(name)'")
    }
    let seconds = try SessionPlayer.seconds(session.now)
    let run = SessionDriver(
      policy: policy, sessionID: "trace", isTraced: true, observes: session.observe,
      now: { seconds }, answer: answers.answer)
    run.answerTables(named: answers.tableNames)
    run.job(index)
    return run.played().trace
  }
}

extension TraceEvent {
  /// The event as a level shows it; nil when it does not.
  fileprivate func shown(at level: TraceCommand.Level) -> TraceEvent? {
    switch self {
    case .run, .rule, .group: level == .verdict ? nil : self
    case .ended(.noMoreRules): level == .verdict ? nil : self
    case .turn: level == .verdict ? nil : self
    case .ended, .action, .observed: level == .verdict && !isEnding ? nil : self
    case .failure, .waiting, .early: level == .verdict || level == .rule ? nil : self
    case .test(let text, let location, let values, let outcome):
      level == .verdict || level == .rule
        ? nil
        : .test(
          text: text, location: location, values: level == .value ? values : [], outcome: outcome)
    }
  }

  private var isEnding: Bool { if case .ended = self { true } else { false } }
}

/// A trace event as one JSON line.
struct TraceJSON: Encodable {
  let event: String
  var phase: String?
  var subject: String?
  var rule: String?
  var location: String?
  var test: String?
  var values: [String]?
  var result: String?
  var text: String?

  init(_ event: TraceEvent) {
    switch event {
    case .run(let phase, let subject):
      self.event = "phase"
      self.phase = phase.name
      self.subject = subject
    case .rule(let name, let location):
      self.event = "rule"
      rule = name
      self.location = location
    case .group(let test, let location):
      self.event = "group"
      self.test = test
      self.location = location
    case .test(let text, let location, let values, let outcome):
      self.event = "test"
      test = text
      self.location = location
      self.values = values
      result = outcome.word
    case .action(let text):
      self.event = "action"
      self.text = text
    case .observed(let text):
      self.event = "observed"
      self.text = text
    case .turn(let address):
      self.event = "turn"
      subject = address
    case .failure(let failure, let answer, let reason):
      self.event = "failure"
      result = answer.name
      text = failure.name
      values = reason.isEmpty ? nil : [reason]
    case .waiting(let what):
      self.event = "waiting"
      text = what
    case .early(let what):
      self.event = "early"
      text = what
    case .ended(let ending):
      self.event = "ended"
      result = ending.word
    }
  }
}

extension TraceEvent.Outcome {
  fileprivate var word: String {
    switch self {
    case .no: "false"
    case .yes: "true"
    case .failed(let failure): "error:\(failure.name)"
    }
  }
}

extension TraceEvent.Ending {
  fileprivate var word: String {
    switch self {
    case .noMoreRules: "no verdict"
    case .stopped: "stop"
    case .verdict(let name): name
    case .trap(let trap): "given up: \(trap.message)"
    }
  }
}
