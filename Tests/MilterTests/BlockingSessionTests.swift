// The session that waits for its replies, as libmilter needs it: here driven from plain threads.

import MilterBridge
import MilterWire
import NIOCore
import NIOPosix
import RuleBytecode
import RuleVM
import Testing

@Suite struct BlockingSessionTests {
  /// A session whose checks are answered by `answers`, after a delay or not at all.
  private static func session(
    _ policy: ScriptedEvaluation, limits: BridgeLimits = BridgeLimits(), steps: UInt32 = 0,
    delayMilliseconds: Int = 0, isAnswered: Bool = true
  ) -> BlockingSession {
    let lent = Lending(policy)
    let checks = StandInChecks(
      eventLoops: MultiThreadedEventLoopGroup.singleton, delayMilliseconds: delayMilliseconds
    ) { _ in isAnswered ? .values([]) : nil }
    let session = Session(
      policy: SessionPolicy(needs: .everything, checks: checks) { _ in lent.evaluation },
      limits: limits, identity: "test", log: quiet)
    let blocking = BlockingSession(session: session, limits: limits)
    let offer = NegotiationOffer(
      version: 6, actions: .all, steps: ProtocolSteps(rawValue: steps))
    _ = blocking.perform(.negotiate(offer), awaitsReply: true)
    return blocking
  }

  private static let connect = MilterCommand.connect(
    ConnectFacts(hostName: [], family: .unknown, address: [], port: 0))
  private static let mail = MilterCommand.mail(StringList(ByteBuffer(string: "<a@b>\0")))

  /// At once (the answer is there before anybody waits), and after a while.
  @Test(arguments: [0, 20]) func itWaitsForTheAnswer(_ delayMilliseconds: Int) {
    let policy = ScriptedEvaluation()
    policy.outcomes["mail <a@b>"] = .waiting([check(1)])
    policy.resumptions[1] = .decided(.refuse(refusal("listed")))
    let session = Self.session(policy, delayMilliseconds: delayMilliseconds)
    _ = session.perform(Self.connect, awaitsReply: true)
    let replies = session.perform(Self.mail, awaitsReply: true)
    #expect(replies.map(describe) == ["refuse 550 5.7.1 listed"])
  }

  /// Where no reply is awaited the callback returns; the next one waits for both.
  @Test func itDoesNotWaitWithoutReply() {
    let policy = ScriptedEvaluation()
    policy.outcomes["connect"] = .waiting([check(1)])
    policy.resumptions[1] = .decided(.refuse(refusal("go away")))
    let session = Self.session(policy, steps: 0x1F_FFFF, delayMilliseconds: 20)
    #expect(session.perform(Self.connect, awaitsReply: false).isEmpty)
    let replies = session.perform(.helo(ByteBuffer(string: "x")), awaitsReply: true)
    #expect(replies.map(describe) == ["refuse 550 5.7.1 go away"])
  }

  @Test func deadlineAndProgress() {
    var limits = BridgeLimits()
    limits.progressSeconds = 0
    limits.endOfMessageSeconds = 1
    let policy = ScriptedEvaluation()
    policy.outcomes["eom"] = .waiting([check(1)])
    policy.expiries = [.decided(.refuse(refusal("slow", permanent: false)))]
    let session = Self.session(policy, limits: limits, isAnswered: false)
    let words = StringList(ByteBuffer(string: "<c@d>\0"))
    for event in [Self.connect, Self.mail, .recipient(words), .endOfHeaders] {
      _ = session.perform(event, awaitsReply: true)
    }
    var progressCount = 0
    let replies = session.perform(
      .endOfBody, awaitsReply: true, progress: { progressCount += 1 })
    #expect(replies.map(describe) == ["refuse 451 4.7.1 slow"])
    #expect(progressCount > 0)
  }

  /// One session's answer comes only when the other one has been answered.
  @Test func twoSessionsWaitSideBySide() async throws {
    let checks = NamedChecks()
    // Other tests may hold the processors for minutes before this one comes to answer.
    var patient = BridgeLimits()
    patient.endOfMessageSeconds = 3_600
    patient.commandSeconds = 3_600
    let limits = patient
    let run = { @Sendable (name: String) in
      let policy = SessionPolicy(needs: .everything, checks: checks) { _ in NamedEvaluation() }
      let session = Session(policy: policy, limits: limits, identity: name, log: quiet)
      let blocking = BlockingSession(session: session, limits: limits)
      let offer = NegotiationOffer(version: 6, actions: .all, steps: [])
      _ = blocking.perform(.negotiate(offer), awaitsReply: true)
      let words = StringList(ByteBuffer(string: "\(name)\0"))
      for event in [Self.connect, .mail(words), .recipient(words), .endOfHeaders] {
        _ = blocking.perform(event, awaitsReply: true)
      }
      return blocking.perform(.endOfBody, awaitsReply: true).map(describe)
    }
    let threads = NIOThreadPool(numberOfThreads: 2)
    threads.start()
    async let first = threads.runIfActive { run("first") }
    async let second = threads.runIfActive { run("second") }
    await checks.answer("second")
    #expect(try await second == ["refuse 550 5.7.1 second"])
    await checks.answer("first")
    #expect(try await first == ["refuse 550 5.7.1 first"])
    try await threads.shutdownGracefully()
  }
}
