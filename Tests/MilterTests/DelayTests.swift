// Replies that are held back (`delay`): how long, what comes meanwhile, and what ends the wait.

import MilterBridge
import MilterWire
import NIOCore
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

@Suite struct DelayTests {
  private static func bench() throws -> Bench {
    let bench = try Bench()
    try bench.begin()
    bench.policy.delays["mail <a@b>"] = 3
    bench.policy.outcomes["mail <a@b>"] = .decided(.refuse(refusal("later")))
    return bench
  }

  private static let mail = packet("M", "<a@b>\0")

  private static func release(_ bench: Bench) -> [String] {
    if let held = bench.transport.held { bench.session.releaseReply(number: held.number) }
    return bench.transport.take()
  }

  @Test func theReplyIsHeldBack() throws {
    let bench = try Self.bench()
    #expect(try bench.say(Self.mail).isEmpty)
    #expect(bench.transport.held?.seconds == 3)
    #expect(bench.session.isSuspended && bench.transport.isSuspendedAtEnd == false)
    #expect(Self.release(bench) == ["refuse 550 5.7.1 later"])
    #expect(!bench.session.isSuspended && bench.transport.isSuspendedAtEnd == nil)
    #expect(Self.release(bench).isEmpty)
  }

  /// The answer to a check comes first, then the time that its run asks for.
  @Test func behindACheck() throws {
    let bench = try Self.bench()
    bench.policy.outcomes["mail <a@b>"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    _ = try bench.say(Self.mail)
    #expect(bench.transport.held == nil)
    #expect(bench.answer(1).isEmpty)
    #expect(Self.release(bench) == ["proceed"])
  }

  /// The MTA that awaits no reply to connect sends on; HELO is read when the time is over.
  @Test func whatComesMeanwhileWaits() throws {
    let bench = try Bench()
    bench.policy.delays["connect"] = 5
    #expect(try bench.say(connectPacket + packet("H", "x\0")).isEmpty)
    #expect(bench.policy.calls == ["connect"])
    #expect(Self.release(bench) == ["proceed", "proceed"])
    #expect(bench.policy.calls == ["connect", "helo x"])
  }

  /// Checks for later runs do not wait for the client.
  @Test func earlyChecksStartAtOnce() throws {
    let bench = try Self.bench()
    bench.policy.early = [check(7)]
    _ = try bench.say(Self.mail)
    #expect(bench.transport.tickets[7] != nil)
  }

  @Test func theDeadlineReleasesIt() throws {
    let bench = try Self.bench()
    bench.policy.delays["rcpt <c@d>"] = 3
    _ = try bench.say(Self.mail)
    bench.session.expire()
    #expect(bench.transport.take() == ["refuse 550 5.7.1 later"])
    #expect(!bench.policy.calls.contains("expire"))
  }

  /// A reply of a message that is over must not become the reply to another command.
  @Test func resetForgetsIt() throws {
    let bench = try Self.bench()
    _ = try bench.say(Self.mail)
    let first = try #require(bench.transport.held)
    #expect(try bench.say(packet("A")).isEmpty)
    #expect(!bench.session.isSuspended)
    #expect(try bench.say(Self.mail).isEmpty)
    bench.session.releaseReply(number: first.number)
    #expect(bench.transport.take().isEmpty)
    #expect(Self.release(bench) == ["refuse 550 5.7.1 later"])
  }

  @Test(arguments: ["Q", "K"]) func theEndForgetsIt(_ letter: Character) throws {
    let bench = try Self.bench()
    _ = try bench.say(Self.mail + packet(letter))
    let replies = Self.release(bench)
    #expect(letter == "Q" ? replies.isEmpty : replies == ["refuse 550 5.7.1 later"])
    #expect(!bench.session.isSuspended)
  }

  // MARK: Front ends

  @Test func theEngineHoldsNoThread() throws {
    let line = try Line()
    line.policy.delays["mail <a@b>"] = 3
    try line.send(offerPacket(steps: 0) + connectPacket + packet("H", "x\0"))
    _ = try line.writes()
    try line.send(Self.mail)
    line.pass(seconds: 2)
    #expect(try line.writes().isEmpty)
    line.pass(seconds: 1)
    #expect(try line.writes() == ["c"])
    line.pass(seconds: 60)
    #expect(try line.writes().isEmpty)
  }

  /// Whatever is asked for, no reply is later than a command's time.
  @Test func theEngineKeepsTheCommandsTime() throws {
    var limits = BridgeLimits()
    limits.commandSeconds = 2
    let line = try Line(limits: limits)
    line.policy.delays["mail <a@b>"] = 3
    try line.send(offerPacket(steps: 0) + connectPacket + packet("H", "x\0") + Self.mail)
    _ = try line.writes()
    line.pass(seconds: 1)
    #expect(try line.writes().isEmpty)
    line.pass(seconds: 1)
    #expect(try line.writes() == ["c"])
  }

  @Test func aBlockingSessionWaits() {
    let policy = ScriptedEvaluation()
    policy.delays["mail <a@b>"] = 1
    let lent = Lending(policy)
    var limits = BridgeLimits()
    limits.commandSeconds = 3_600
    let session = BlockingSession(
      session: Session(
        policy: SessionPolicy(needs: .everything) { _ in lent.evaluation }, limits: limits,
        identity: "test", log: quiet), limits: limits)
    let offer = NegotiationOffer(version: 6, actions: .all, steps: [])
    _ = session.perform(.negotiate(offer), awaitsReply: true)
    let client = ConnectFacts(hostName: [], family: .unknown, address: [], port: 0)
    _ = session.perform(.connect(client), awaitsReply: true)
    let mail = MilterCommand.mail(StringList(ByteBuffer(string: "<a@b>\0")))
    let started = ContinuousClock.now
    #expect(session.perform(mail, awaitsReply: true).map(describe) == ["proceed"])
    #expect(ContinuousClock.now - started >= .seconds(1))
  }

  // MARK: What the MTA is asked for

  /// It must wait for a reply, or nothing would be held back.
  @Test(arguments: [
    ("helo", ProtocolSteps.noReplyHELO), ("mail", .noReplyMAIL), ("rcpt", .noReplyRCPT),
    ("data", .noReplyDATA), ("connect", .noReplyHELO),
  ])
  func aReplyIsAwaited(_ phase: String, _ step: ProtocolSteps) throws {
    func steps(_ action: String) throws -> ProtocolSteps {
      let source = "require \"defang\";\nphase \(phase) { rule \"r\" { \(action) } }\n"
      var sources = SourceSet()
      _ = sources.add(SourceFile(name: "test.rules", bytes: Array(source.utf8)))
      let program = try #require(Compiler.compile(sources).program)
      return NegotiationNeeds(ProgramNeeds(program)).steps
    }
    #expect(try steps("log \"x\";").contains(step))
    #expect(try !steps("delay 2;").contains(step))
  }
}
