// One SMTP session of a policy, from connect to the end of one message, without network.
internal import MailMessage
internal import RuleBytecode
internal import RuleVM

/// What a client says.
public struct SampleSession: Sendable {
  public var clientAddress: String
  public var helo: String
  public var sender: String
  public var recipients: [String]
  /// What outside checks answer.
  public var answers: Answers

  public enum Answers: Sendable { case none, listed, failed, late }

  public init(
    clientAddress: String, helo: String, sender: String, recipients: [String],
    answers: Answers = .none
  ) {
    self.clientAddress = clientAddress
    self.helo = helo
    self.sender = sender
    self.recipients = recipients
    self.answers = answers
  }

  public static let samples = [
    SampleSession(
      clientAddress: "192.0.2.7", helo: "mx.example.net", sender: "<ann@example.net>",
      recipients: ["<bob@example.com>", "<trap@example.com>"]),
    SampleSession(
      clientAddress: "10.1.2.3", helo: "[10.1.2.3]", sender: "<>",
      recipients: ["<bob@example.com>"],
      answers: .listed),
    SampleSession(
      clientAddress: "2001:db8::25", helo: "localhost", sender: "\"a b\"@example.org",
      recipients: ["<eve@example.com>", "postmaster"], answers: .late),
  ]
}

/// What came of a session.
public struct RunSummary: Sendable, Equatable {
  /// `accept` when no rule decided otherwise.
  public var verdict = "accept"
  public var fuelUsed = 0
  public var actionCount = 0
  public var ruleCount = 0
  public var waitCount = 0
  /// Runs that were given up, by fuel or another limit.
  public var trapCount = 0
}

/// What a session may cost.
public struct RunLimits: Sendable {
  var machine = MachineLimits()

  /// Those of the program.
  public init() {}

  /// Small ones, for images that nobody wrote.
  public init(fuelMax: Int) {
    machine.fuelMax = fuelMax
    machine.runSpaceBytesMax = 64 << 10
    machine.messageSpaceBytesMax = 64 << 10
    machine.sessionSpaceBytesMax = 16 << 10
    machine.decodedSpaceBytesMax = 1 << 20
    machine.recordsMax = 200
    machine.recordBytesMax = 64 << 10
    machine.traceEventsMax = 1_000
    machine.checksMax = 20
  }
}

extension Policy {
  /// One libmagic database for all sessions, as an event loop of the daemon has.
  fileprivate static let types = TypeOracle()

  /// Plays a session with one message.
  public func run(
    _ sample: SampleSession, message: [UInt8], limits: RunLimits = RunLimits(),
    isTraced: Bool = false
  ) -> RunSummary {
    let session = PolicySession(
      policy: loaded, sessionID: "harness", limits: limits.machine, types: Self.types,
      isTraced: isTraced, now: { 1_772_366_400 })
    var player = Player(session: session, answers: sample.answers)
    player.play(sample, message)
    player.summary.fuelUsed = session.fuelUsed
    player.summary.actionCount = session.decisions.actions.count
    player.summary.ruleCount = session.decisions.rules.count
    return player.summary
  }

  private struct Player {
    let session: PolicySession
    let answers: SampleSession.Answers
    var summary = RunSummary()

    mutating func play(_ sample: SampleSession, _ message: [UInt8]) {
      session.set(.clientIP, sample.clientAddress.utf8)
      session.set(.clientDirectIP, sample.clientAddress.utf8)
      session.set(.clientName, "client.example".utf8)
      guard goesOn(session.connect()) else { return }
      session.setMacro(Array("j".utf8), Array("mx.example.com".utf8), outlivesMessage: true)
      guard goesOn(session.helo(Array(sample.helo.utf8))) else { return }
      session.setMacro(Array("i".utf8), Array("Q1".utf8), outlivesMessage: false)
      let arguments = [Array("SIZE=\(message.count)".utf8)]
      guard goesOn(session.mail(Array(sample.sender.utf8), arguments: arguments)) else { return }
      for recipient in sample.recipients {
        let decided = settled(session.recipient(Array(recipient.utf8)))
        if let decided, decided.reach == .message, decided.kind != .accept { return end(decided) }
      }
      guard goesOn(session.data()) else { return }
      let header = MailMessage.headerOnly(message).headerEnd
      guard goesOn(session.headers(Array(message[..<header]))) else { return }
      _ = goesOn(session.endOfMessage(message))
    }

    /// False when the verdict ends the message.
    private mutating func goesOn(_ result: RunResult) -> Bool {
      guard let verdict = settled(result), verdict.kind != .accept else { return true }
      end(verdict)
      return false
    }

    private mutating func end(_ verdict: Verdict) { summary.verdict = verdict.kind.name }

    /// Answers until the run is over.
    private mutating func settled(_ result: RunResult) -> Verdict? {
      var result = result
      while case .waiting(let requests) = result {
        summary.waitCount += 1
        result = answer(requests)
      }
      guard case .decided(let verdict) = result else { return nil }
      if case .trap = verdict?.cause { summary.trapCount += 1 }
      return verdict
    }

    private func answer(_ requests: [CheckRequest]) -> RunResult {
      for request in requests {
        guard let answer = answers.answer(to: request.kind) else { continue }
        if let next = session.answer(request.id, answer) { return next }
      }
      return session.expireChecks() ?? .decided(nil)
    }
  }
}

/// Sessions that wait for an answer, to weigh them.
public struct WaitingSessions: ~Copyable {
  private var sessions: [PolicySession] = []

  public init() {}

  public var count: Int { sessions.count }

  /// Adds sessions that are suspended at RCPT.
  /// - Returns: Whether every one of them waits; the policy must ask a check there.
  public mutating func add(_ count: Int, of policy: Policy) -> Bool {
    var isWaiting = true
    for _ in 0..<count {
      let session = PolicySession(
        policy: policy.loaded, sessionID: "harness", types: Policy.types, now: { 0 })
      session.set(.clientIP, "192.0.2.7".utf8)
      _ = session.connect()
      _ = session.helo(Array("client.example".utf8))
      _ = session.mail(Array("<someone@example.net>".utf8))
      let result = session.recipient(Array("<somebody@example.com>".utf8))
      if case .waiting = result {} else { isWaiting = false }
      sessions.append(session)
    }
    return isWaiting
  }
}
