// The session over a scripted policy: order, owed verdicts, several recipients and messages.

import MilterBridge
import MilterWire
import NIOCore
import RuleBytecode
import RuleVM
import Testing

@Suite struct SessionTests {
  static let proceed = "proceed"

  @Test func aMessageRunsAllPhases() throws {
    let bench = try Bench()
    try bench.begin()
    #expect(try bench.say(messagePackets()) == Array(repeating: Self.proceed, count: 8))
    #expect(
      bench.policy.calls == [
        "connect", "helo client.example", "macro mail i=QUEUE1", "mail <a@example.com> SIZE=100",
        "rcpt <b@example.org>", "data", "headers 33", "eom", "reset",
      ])
  }

  /// Without leading space the MTA took one blank off, which is put back; folds become CRLF.
  @Test(arguments: [UInt32(0), 0x10_0000]) func theMessageIsRebuilt(_ steps: UInt32) throws {
    let bench = try Bench(steps: steps)
    try bench.begin()
    let blank = steps == 0 ? "" : " "
    _ = try bench.say(
      packet("M", "<>\0") + packet("R", "<b@c>\0") + packet("L", "Subject\0\(blank)one\0")
        + packet("L", "X\0\(blank)a\n\tb\r\n c\0") + packet("L", "Empty\0\0") + packet("N")
        + packet("B", "line\r\n") + packet("B", "\0.\r") + packet("B", "\nend") + packet("E"))
    let empty = steps == 0 ? " " : ""
    #expect(
      text(bench.policy.messages[0].bytes)
        == "Subject: one\r\nX: a\r\n\tb\r\n c\r\nEmpty:\(empty)\r\n\r\nline\r\n\0.\r\nend")
    #expect(bench.policy.messages[0].sizeBytes == bench.policy.messages[0].bytes.count)
  }

  @Test func changesAndVerdictComeTogether() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .decided(
      .finish(
        MessageDecision(
          verdict: .accept,
          modifications: [.addHeader(name: "X", value: [49]), .replaceBody([50])])))
    let replies = try bench.say(messagePackets())
    #expect(replies.suffix(3) == ["add X:1", "body 2", Self.proceed])
  }

  /// One change that cannot be sent spoils all: nothing is changed, the message is tempfailed.
  @Test(arguments: [
    Modification.addHeader(name: "X Y", value: []), .deleteRecipient("a\r\nb"),
    .quarantine(reason: "not negotiated"),
  ])
  func changesAreAllOrNothing(_ bad: Modification) throws {
    let bench = try Bench(actions: 0x1F)
    try bench.begin()
    bench.policy.outcomes["eom"] = .decided(
      .finish(
        MessageDecision(
          verdict: .accept, modifications: [.addHeader(name: "X", value: [49]), bad])))
    let replies = try bench.say(messagePackets())
    #expect(replies.count == 8)
    #expect(replies.last == "refuse 451 4.3.0 Mail filter failed, please try again later")
  }

  @Test func refusalDropsChanges() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["eom"] = .decided(
      .finish(
        MessageDecision(
          verdict: .refuse(refusal("no")), modifications: [.addHeader(name: "X", value: [49])])))
    #expect(try bench.say(messagePackets()).suffix(2) == [Self.proceed, "refuse 550 5.7.1 no"])
    bench.policy.outcomes["eom"] = .decided(.finish(MessageDecision(verdict: .discard)))
    #expect(try bench.say(messagePackets()).last == "discard")
  }

  @Test func aConnectVerdictIsSaidAtHELO() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .decided(.refuse(refusal("go away")))
    #expect(try bench.say(connectPacket) == [Self.proceed])
    #expect(try bench.say(packet("H", "x\0")) == ["refuse 550 5.7.1 go away"])
    #expect(try bench.say(packet("H", "x\0")) == ["refuse 550 5.7.1 go away"])
    #expect(try bench.say(packet("M", "<a@b>\0")) == ["refuse 550 5.7.1 go away"])
    #expect(bench.policy.calls.filter { $0 != "reset" } == ["connect"])
  }

  @Test func aConnectVerdictIsSaidAtMAILWithoutHELO() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .decided(.refuse(refusal("later", permanent: false)))
    #expect(try bench.say(connectPacket) == [Self.proceed])
    #expect(try bench.say(packet("M", "<a@b>\0")) == ["refuse 451 4.7.1 later"])
    #expect(try bench.say(packet("M", "<c@d>\0")) == ["refuse 451 4.7.1 later"])
  }

  @Test func anotherHELOForgetsTheVerdictOfTheFormer() throws {
    let bench = try Bench()
    bench.policy.outcomes["helo bad"] = .decided(.refuse(refusal("bad name")))
    _ = try bench.say(connectPacket)
    #expect(try bench.say(packet("H", "bad\0")) == ["refuse 550 5.7.1 bad name"])
    #expect(try bench.say(packet("H", "good\0")) == [Self.proceed])
    #expect(try bench.say(packet("M", "<a@b>\0")) == [Self.proceed])
  }

  @Test func eachRecipientHasItsAnswer() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["rcpt <bad@x>"] = .decided(.refuse(refusal("unknown")))
    bench.policy.outcomes["rcpt <slow@x>"] = .decided(.refuse(refusal("later", permanent: false)))
    let replies = try bench.say(
      packet("M", "<a@b>\0") + packet("R", "<bad@x>\0") + packet("R", "<slow@x>\0")
        + packet("R", "<good@x>\0") + packet("T") + packet("N") + packet("E"))
    #expect(
      replies == [
        Self.proceed, "refuse 550 5.7.1 unknown", "refuse 451 4.7.1 later", Self.proceed,
        Self.proceed, Self.proceed, Self.proceed,
      ])
  }

  /// After a message's verdict the rules are not asked again, whatever the MTA still sends.
  @Test func aMessageVerdictStands() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["data"] = .decided(.refuse(refusal("no")))
    let replies = try bench.say(messagePackets())
    #expect(replies.prefix(2) == [Self.proceed, Self.proceed])
    #expect(replies.dropFirst(2).allSatisfy { $0 == "refuse 550 5.7.1 no" })
    #expect(!bench.policy.calls.contains("eom"))
    #expect(try bench.say(packet("M", "<c@d>\0")) == [Self.proceed])
  }

  @Test func discardFromMAILOn() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["rcpt <trap@x>"] = .decided(.discard)
    let replies = try bench.say(packet("M", "<a@b>\0") + packet("R", "<trap@x>\0"))
    #expect(replies == [Self.proceed, "discard"])
  }

  /// Discard of a connection does not exist in milter: it is our fault, and mail must not pass.
  @Test func discardAtConnectIsAFault() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .decided(.discard)
    _ = try bench.say(connectPacket)
    #expect(try bench.say(packet("M", "<a@b>\0")).first?.hasPrefix("refuse 451 4.3.0") == true)
  }

  static let failures: [(String, EvaluationFailure)] = [
    ("connect", .fuel(limit: 5)), ("helo client.example", .limit("parts")),
    ("mail <a@example.com> SIZE=100", .internalFault("x")), ("rcpt <b@example.org>", .limit("y")),
    ("data", .fuel(limit: 1)), ("headers 33", .fuel(limit: 1)), ("eom", .fuel(limit: 1)),
  ]

  @Test(arguments: failures)
  func ourFailureIsTempfail(_ run: String, _ failure: EvaluationFailure) throws {
    let bench = try Bench()
    bench.policy.outcomes[run] = .failed(failure)
    try bench.begin()
    let last = try bench.say(messagePackets()).last
    #expect(last == "refuse 451 4.3.0 Mail filter failed, please try again later")
    if run == "eom" || run == "data" {
      bench.policy.outcomes[run] = nil
      #expect(try bench.say(messagePackets()).last == Self.proceed)
    }
  }

  /// Where the MTA awaits no reply, a failure is said at the end.
  @Test func aFailureWithoutReplyIsSaidAtTheEnd() throws {
    let bench = try Bench(
      needs: NegotiationNeeds(
        sent: .all, header: true, body: true, verdicts: [], actions: [], macros: nil),
      steps: 0x1F_FFFF)
    bench.policy.outcomes["rcpt <b@example.org>"] = .failed(.fuel(limit: 1))
    try bench.begin()
    #expect(try bench.say(messagePackets()).map { String($0.prefix(16)) } == ["refuse 451 4.3.0"])
  }

  @Test func twoMessagesShareNothing() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["rcpt <trap@x>"] = .failed(.fuel(limit: 1))
    _ = try bench.say(
      packet("M", "<a@b>\0") + packet("R", "<trap@x>\0") + packet("L", "Canary\0x\0"))
    _ = try bench.say(packet("A"))
    #expect(try bench.say(messagePackets()).last == Self.proceed)
    #expect(try bench.say(messagePackets(subject: "two")).last == Self.proceed)
    let messages = bench.policy.messages.map { text($0.bytes) }
    #expect(messages.count == 2)
    #expect(messages.allSatisfy { !$0.contains("Canary") })
    #expect(messages[1].contains("two") && !messages[1].contains("one"))
  }

  /// MTAs may begin a message without ending the one that was refused; the macros of the new one
  /// come first and must survive.
  @Test func theNextMAILEndsTheFormer() throws {
    let bench = try Bench()
    try bench.begin()
    bench.policy.outcomes["mail <a@b>"] = .decided(.refuse(refusal("no")))
    _ = try bench.say(packet("M", "<a@b>\0") + packet("D", "Mi\0Q2\0") + packet("M", "<c@d>\0"))
    #expect(
      bench.policy.calls.suffix(4) == ["mail <a@b>", "reset", "macro mail i=Q2", "mail <c@d>"])
  }

  @Test func quitAndNewConnection() throws {
    let bench = try Bench()
    bench.policy.outcomes["connect"] = .decided(.refuse(refusal("no")))
    try bench.begin()
    bench.policy.outcomes["connect"] = nil
    _ = try bench.say(packet("K") + connectPacket)
    #expect(try bench.say(packet("M", "<a@b>\0")) == [Self.proceed])
    _ = try bench.say(packet("Q"))
    #expect(bench.transport.end == .quit)
  }

  private static let begun =
    connectPacket + packet("M", "<a@b>\0") + packet("R", "<c@d>\0")

  static let wrongOrders: [[UInt8]] = [
    packet("R", "<a@b>\0"), packet("T"), packet("L", "a\0b\0"), packet("N"), packet("B", "x"),
    packet("E"), packet("M", "<a@b>\0"), packet("H", "x\0"), connectPacket + connectPacket,
    connectPacket + packet("M", "<a@b>\0") + packet("T"),
    begun + packet("N") + packet("M", "<a@b>\0"),
    begun + packet("N") + packet("L", "a\0b\0"), begun + packet("N") + packet("N"),
    begun + packet("B", "x"), begun + packet("E"),
    begun + packet("N") + packet("B", "x") + packet("N"),
    begun + packet("L", "a\0b\0") + packet("T"), begun + offerPacket(),
    begun + packet("N") + packet("E") + packet("E"),
  ]

  @Test(arguments: wrongOrders) func wrongOrderEndsTheSession(_ bytes: [UInt8]) throws {
    let bench = try Bench()
    _ = try bench.say(bytes)
    #expect(bench.transport.end == .fault)
    #expect(try bench.say(messagePackets()).isEmpty)
  }

  @Test(arguments: [packet("M", "<a@b>\0"), packet("A"), packet("H", "x\0"), packet("K")])
  func nothingBeforeNegotiation(_ bytes: [UInt8]) throws {
    let transport = RecordingTransport()
    let policy = SessionPolicy(needs: .everything) { _ in ScriptedEvaluation() }
    let session = Session(policy: policy, limits: BridgeLimits(), identity: "x", log: quiet)
    session.transport = transport
    var decoder = PacketDecoder()
    var input = ByteBuffer(bytes: bytes)
    if let command = try decoder.next(&input) { session.handle(command) }
    #expect(transport.end == .fault)
  }

  @Test func theMessageHasALimit() throws {
    var limits = BridgeLimits()
    limits.messageBytesMax = 50
    let bench = try Bench(limits: limits)
    try bench.begin()
    // The header and its empty line are 33 bytes.
    _ = try bench.say(messagePackets(body: "12345678901234567"))
    _ = try bench.say(messagePackets(body: "123456789012345678"))
    _ = try bench.say(messagePackets(subject: String(repeating: "s", count: 60), body: "x"))
    let messages = bench.policy.messages
    #expect(messages.map(\.bytes.count) == [50, 50, 50])
    #expect(messages.map(\.isTruncated) == [false, true, true])
    #expect(messages.map(\.sizeBytes) == [50, 51, 91])
    #expect(text(messages[2].bytes).hasPrefix("Subject:"))
  }

  @Test func aBodyThatNobodyReadsIsNotKept() throws {
    let bench = try Bench(steps: 0x400)
    try bench.begin()
    bench.policy.wantsBody = false
    let replies = try bench.say(messagePackets())
    #expect(replies[6] == "skip")
    #expect(bench.policy.messages[0].bytes.count == 33)
    #expect(bench.policy.messages[0].isTruncated == false)
  }

  @Test func overloadRefusesEveryMessage() throws {
    let bench = try Bench(admission: .turnedAway)
    let busy = "refuse 451 4.3.2 Too busy, please try again later"
    #expect(try bench.say(connectPacket) == [Self.proceed])
    #expect(try bench.say(packet("H", "x\0")) == [busy])
    #expect(try bench.say(packet("M", "<a@b>\0")) == [busy])
    #expect(bench.policy.calls.isEmpty)
  }

  @Test func unknownCommandsPass() throws {
    let bench = try Bench()
    try bench.begin()
    #expect(try bench.say(packet("U", "XYZ\0")) == [Self.proceed])
  }
}
