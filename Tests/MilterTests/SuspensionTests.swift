// Runs that wait: what comes meanwhile, what comes too late, and what never comes.

import MilterBridge
import MilterWire
import RuleBytecode
import RuleVM
import Testing

@Suite struct SuspensionTests {
  static let proceed = "proceed"

  @Test func aReplyComesWhenItIsReady() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["mail <a@b>"] = .waiting([check(1), check(2)])
    bench.policy.resumptions[2] = .decided(.refuse(refusal("listed")))
    #expect(try bench.say(packet("M", "<a@b>\0")).isEmpty)
    #expect(bench.transport.isSuspendedAtEnd == false)
    #expect(bench.answer(1).isEmpty)
    #expect(bench.session.isSuspended)
    #expect(bench.answer(2) == ["refuse 550 5.7.1 listed"])
    #expect(bench.transport.isSuspendedAtEnd == nil)
  }

  @Test func aRunMayWaitAgain() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .waiting([check(2)])
    bench.policy.resumptions[2] = .decided(
      .finish(
        MessageDecision(verdict: .accept, modifications: [.addHeader(name: "X", value: [49])])))
    #expect(try bench.say(messagePackets()).count == 7)
    #expect(bench.transport.isSuspendedAtEnd == true)
    #expect(bench.answer(1).isEmpty)
    #expect(bench.answer(2) == ["add X:1", Self.proceed])
  }

  /// With no replies awaited the MTA sends on while connect still waits.
  @Test func whatComesMeanwhileIsHandledInOrder() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    #expect(
      try bench.say(connectPacket + packet("H", "x\0") + messagePackets()).isEmpty)
    #expect(bench.policy.calls == ["connect"])
    #expect(bench.session.queuedBytes > 0)
    #expect(bench.answer(1) == Array(repeating: Self.proceed, count: 10))
    #expect(bench.session.queuedBytes == 0)
    #expect(text(bench.policy.messages[0].bytes).hasSuffix("\r\n\r\nHello\r\n"))
  }

  @Test func twoSessionsAnsweredInTheOppositeOrder() throws {
    let benches = [try Bench(), try Bench()]
    for (bench, word) in zip(benches, ["first", "second"]) {
      try bench.begin()
      bench.policy.outcomes["eom"] = .waiting([check(1)])
      bench.policy.resumptions[1] = .decided(
        .finish(MessageDecision(verdict: .refuse(refusal(word)))))
      _ = try bench.say(messagePackets())
    }
    #expect(benches[1].answer(1) == ["refuse 550 5.7.1 second"])
    #expect(benches[0].session.isSuspended)
    #expect(benches[0].answer(1) == ["refuse 550 5.7.1 first"])
  }

  @Test func abortWhileWaiting() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["rcpt <c@d>"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.refuse(refusal("late")))
    #expect(try bench.say(packet("M", "<a@b>\0") + packet("R", "<c@d>\0")) == [Self.proceed])
    #expect(try bench.say(packet("A")).isEmpty)
    #expect(!bench.session.isSuspended)
    #expect(bench.answer(1).isEmpty)
    #expect(!bench.policy.calls.contains("answer 1"))
    #expect(try bench.say(messagePackets()).last == Self.proceed)
  }

  /// The answer to a check of the message before, while one of this message is awaited.
  @Test func anAnswerThatComesTooLate() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    _ = try bench.say(messagePackets() + packet("A"))
    bench.policy.outcomes["eom"] = .waiting([check(2)])
    bench.policy.resumptions[2] = .decided(.proceed)
    _ = try bench.say(messagePackets())
    #expect(bench.answer(1).isEmpty)
    #expect(bench.session.isSuspended)
    #expect(bench.answer(2) == [Self.proceed])
    #expect(bench.answer(2).isEmpty)
  }

  /// RSET takes the message out of the queue, but not the HELO before it.
  @Test func abortInTheQueue() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    _ = try bench.say(
      connectPacket + packet("H", "x\0") + packet("D", "Mi\0Q1\0") + packet("M", "<gone@x>\0")
        + packet("R", "<b@c>\0") + packet("A") + packet("M", "<kept@x>\0"))
    #expect(bench.answer(1) == [Self.proceed, Self.proceed, Self.proceed])
    #expect(
      bench.policy.calls.filter { $0 != "reset" }
        == ["connect", "answer 1", "helo x", "mail <kept@x>"])
    #expect(bench.session.queuedBytes == 0)
  }

  /// A check started at connect may be answered in a message, or between two.
  @Test func checksOfTheSessionOutliveTheMessage() throws {
    let bench = try Bench()
    bench.policy.early = [check(1)]
    try bench.begin()
    _ = try bench.say(messagePackets())
    _ = bench.answer(1)
    #expect(bench.policy.calls.last == "answer 1")
  }

  @Test func checksOfTheSessionEndWithIt() throws {
    let bench = try Bench()
    bench.policy.early = [check(1)]
    try bench.begin()
    _ = try bench.say(packet("K") + connectPacket)
    _ = bench.answer(1)
    #expect(!bench.policy.calls.contains("answer 1"))
  }

  @Test func theDeadlineAnswersForThePolicy() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    bench.policy.expiries = [
      .waiting([check(2)]),
      .decided(.finish(MessageDecision(verdict: .refuse(refusal("slow", permanent: false))))),
    ]
    _ = try bench.say(messagePackets())
    bench.session.expire()
    #expect(bench.transport.take() == ["refuse 451 4.7.1 slow"])
    #expect(bench.transport.tickets[2] == nil)
    #expect(bench.answer(1).isEmpty)
  }

  @Test func aPolicyThatDoesNotEndIsGivenUp() throws {
    var limits = BridgeLimits()
    limits.expiryRoundsMax = 3
    for (rounds, expected) in [(3, Self.proceed), (4, "refuse 451 4.3.0")] {
      let bench = try Bench(limits: limits)
      try bench.begin()
      bench.policy.outcomes["eom"] = .waiting([check(1)])
      let more = Array(repeating: RunOutcome.waiting([check(2)]), count: rounds - 1)
      bench.policy.expiries = more + [.decided(.proceed)]
      _ = try bench.say(messagePackets())
      bench.session.expire()
      #expect(bench.transport.take().first?.hasPrefix(expected) == true)
    }
  }

  /// What queued behind an expired command is also late, but the end of a message starts anew.
  @Test func theEndOfMessageHasItsOwnDeadline() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .waiting([check(1)])
    bench.policy.outcomes["eom"] = .waiting([check(3)])
    bench.policy.outcomes["helo x"] = .waiting([check(2)])
    bench.policy.expiries = [.decided(.proceed), .decided(.proceed)]
    bench.policy.resumptions[3] = .decided(.proceed)
    _ = try bench.say(connectPacket + packet("H", "x\0") + messagePackets())
    bench.session.expire()
    #expect(bench.policy.calls.filter { $0 == "expire" }.count == 2)
    #expect(bench.transport.tickets[2] == nil)
    #expect(bench.session.isSuspended)
    #expect(bench.transport.isSuspendedAtEnd == true)
    _ = bench.transport.take()
    #expect(bench.answer(3) == [Self.proceed])
  }

  @Test func quitWhileWaiting() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    _ = try bench.say(messagePackets() + packet("Q"))
    #expect(bench.transport.end == .quit)
    #expect(bench.answer(1).isEmpty)
  }

  @Test func connectionLostWhileWaiting() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    _ = try bench.say(messagePackets())
    bench.session.connectionDidClose()
    #expect(bench.answer(1).isEmpty)
    #expect(bench.policy.calls.last == "reset")
  }
}
