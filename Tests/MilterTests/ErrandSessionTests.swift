// Errands at the end of a message, through the session: the mail server hears nothing before they
// are done, hears it once, and what comes meanwhile or too late changes nothing.

import MilterBridge
import MilterWire
import NIOCore
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

/// A session over a compiled policy, fed with packets.
final class PolicyBench: SessionTransport {
  let session: Session
  private var decoder = PacketDecoder()
  private var replies: [String] = []
  private(set) var asked: [(request: CheckRequest, ticket: CheckTicket)] = []

  init(
    _ rules: String, actions: UInt32 = 0x1FF, fuelMax: Int? = nil,
    observer: (any VerdictObserver)? = nil
  ) throws {
    var sources = SourceSet()
    let text =
      "require [\"body\", \"defang\", \"variables\"];\nsettings :admin \"root@example.com\";\n"
      + rules
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let program = try #require(Compiler.compile(sources).program)
    var made = MachineLimits()
    if let fuelMax { made.fuelMax = fuelMax }
    let limits = made
    let needs = ProgramNeeds(program)
    let policy = LoadedPolicy(try VerifiedProgram(program))
    session = Session(
      policy: SessionPolicy(needs: NegotiationNeeds(needs)) { id in
        PolicyEvaluator(
          policy: policy, needs: needs, sessionID: id, types: TypeOracle(),
          limits: limits, markField: "Defang-Mark", observer: observer, now: { 0 })
      }, limits: BridgeLimits(), identity: "test", log: quiet)
    session.transport = self
    _ = try say(offerPacket(actions: actions, steps: 0) + connectPacket + packet("H", "x\0"))
  }

  func send(_ reply: MilterReply) { replies.append(describe(reply)) }
  func startCheck(_ request: CheckRequest, _ ticket: CheckTicket) {
    asked.append((request, ticket))
  }
  func dropChecks(except isWanted: (CheckTicket) -> Bool) {}
  func sessionDidSuspend(atEndOfMessage: Bool) {}
  func sessionDidHoldReply(number: UInt32, seconds: Int) {}
  func sessionDidResume() {}
  func sessionDidEnd(_ end: SessionEnd) {}

  func take() -> [String] {
    defer { replies = [] }
    return replies
  }

  func say(_ bytes: [UInt8]) throws -> [String] {
    var input = ByteBuffer(bytes: bytes)
    while let command = try decoder.next(&input) { session.handle(command) }
    return take()
  }

  /// Answers the n-th request.
  func answer(_ number: Int, _ results: [ErrandResult]) -> [String] {
    session.answer(asked[number].ticket, .errands(results))
    return take()
  }

  var works: [Errand.Work] { asked.flatMap { $0.request.errands?.errands.map(\.work) ?? [] } }
}

@Suite struct ErrandSessionTests {
  private static let held = "phase eom { rule \"r\" { quarantine \"why\"; } }"

  @Test func theAnswerWaitsForTheStore() throws {
    let bench = try PolicyBench(Self.held)
    #expect(try bench.say(messagePackets()).last == "proceed")
    #expect(bench.session.isSuspended)
    let order = try #require(bench.asked.first?.request.errands)
    #expect(text(order.message).hasSuffix("\r\n\r\nHello\r\n"))
    #expect(order.mail.queueID == "QUEUE1")
    #expect(bench.answer(0, [.done]) == ["discard"])
    #expect(bench.answer(0, [.done]).isEmpty)
    #expect(!bench.session.isSuspended)
  }

  @Test(arguments: [
    ("", "refuse 451 4.3.0 Temporary failure, please try again later"),
    ("on_error :store \"reject\";", "refuse 550 5.7.1 Message could not be checked, refused"),
    ("on_error :store \"continue\";", "proceed"),
  ])
  func aFailureIsAnswered(answers: String, reply: String) throws {
    let bench = try PolicyBench(answers + Self.held)
    _ = try bench.say(messagePackets())
    #expect(bench.answer(0, [.failed(reason: "disk full")]) == [reply])
  }

  /// A copy for each recipient whose message differs; the others' keeps its bytes.
  @Test func copiesLeaveTheEnvelope() throws {
    let bench = try PolicyBench(
      "phase eom { rule \"r\" { addheader \"X-A\" \"b\"; for_each_rcpt :split {"
        + " if string :is \"${rcpt.local}\" \"b\" { addheader \"X-B\" \"c\"; } } } }")
    var packets = messagePackets()
    let second = packet("R", "<c@example.org>\0")
    packets.insert(contentsOf: second, at: packets.count - messageTail.count)
    _ = try bench.say(packets)
    guard case .send(_, ["b@example.org"], let bytes) = bench.works.first else {
      Issue.record("\(bench.works)")
      return
    }
    #expect(text(bytes).contains("X-B: c\r\n"))
    let replies = bench.answer(0, [.done])
    #expect(replies.contains("deleteRecipient(\"<b@example.org>\")"))
    #expect(replies.last == "proceed")
  }

  /// What follows the recipients in `messagePackets`.
  private var messageTail: [UInt8] {
    packet("T") + packet("L", "Subject\0one\0") + packet("L", "X-Folded\0a\n\tb\0") + packet("N")
      + packet("B", "Hello\r\n") + packet("E")
  }

  @Test func abortWhileStoring() throws {
    let bench = try PolicyBench(Self.held)
    _ = try bench.say(messagePackets())
    #expect(try bench.say(packet("A")).isEmpty)
    #expect(!bench.session.isSuspended)
    #expect(bench.answer(0, [.done]).isEmpty)
    _ = try bench.say(messagePackets(subject: "two"))
    #expect(bench.answer(0, [.done]).isEmpty)
    #expect(bench.session.isSuspended)
    #expect(bench.answer(1, [.done]) == ["discard"])
  }

  @Test func theConnectionIsClosedWhileStoring() throws {
    let bench = try PolicyBench(Self.held)
    _ = try bench.say(messagePackets())
    bench.session.connectionDidClose()
    #expect(bench.answer(0, [.done]).isEmpty)
  }

  @Test func theDeadlineIsAFailure() throws {
    let bench = try PolicyBench(Self.held)
    _ = try bench.say(messagePackets())
    bench.session.expire()
    #expect(bench.take() == ["refuse 451 4.3.0 Temporary failure, please try again later"])
    #expect(bench.answer(0, [.done]).isEmpty)
    // The next message has its own time.
    _ = try bench.say(messagePackets(subject: "two"))
    #expect(bench.answer(1, [.done]) == ["discard"])
  }

  /// What must be stored is stored also when the rules have taken all the time there was.
  @Test func errandsHaveTimeOfTheirOwn() throws {
    let bench = try PolicyBench(
      "on_error :dns \"continue\"; phase eom { rule \"a\" { if dnsbl \"z.example\" { stop; } }"
        + " rule \"b\" { quarantine; } }")
    _ = try bench.say(messagePackets())
    bench.session.expire()
    #expect(bench.take().isEmpty)
    #expect(bench.asked.map(\.request.kind) == [.dnsbl, .errands])
    #expect(bench.answer(1, [.done]) == ["discard"])
  }

  /// A notice of a rule stands when a later rule refuses, wherever that ends the message.
  @Test(arguments: ["mail", "rcpt", "data", "headers"])
  func noticesOutliveARefusal(phase: String) throws {
    let bench = try PolicyBench(
      "phase \(phase) { rule \"a\" { notify :admin \"seen\"; } rule \"b\" { reject \"no\"; } }")
    _ = try bench.say(messagePackets() + packet("A"))
    let notices = bench.works.compactMap { work in
      if case .notice(let notice) = work { notice.texts } else { nil }
    }
    #expect(notices == [["seen"]])
    _ = try bench.say(packet("A"))
    #expect(bench.works.count == 1)
  }

  // MARK: Own mail

  private static let marked = "Defang-Mark\0 v=1; ours\0"

  private func ownPackets(envelope: Bool) -> [UInt8] {
    packet("D", "Mi\0QUEUE1\0")
      + packet("M", "<a@example.com>\0" + (envelope ? "ENVID=DF1.x\0" : ""))
      + packet("R", "<b@example.org>\0") + packet("T") + packet("L", Self.marked) + packet("N")
      + packet("B", "Hello\r\n") + packet("E")
  }

  /// No rule sees it, and the mark does not go on.
  @Test(arguments: [true, false])
  func ownMailPasses(hasEnvelope: Bool) throws {
    let bench = try PolicyBench(
      "phase eom { rule \"r\" { quarantine; } } "
        + (hasEnvelope ? "phase rcpt { rule \"n\" { reject \"no\"; } }" : ""))
    _ = try bench.say(ownPackets(envelope: hasEnvelope))
    if hasEnvelope {
      #expect(bench.works == [.knowEnvelope("DF1.x")])
      _ = bench.answer(0, [.done])
    }
    #expect(bench.works.last == .knowMessage)
    #expect(bench.asked.last?.request.errands?.mail.recipients == ["b@example.org"])
    let last = bench.asked.count - 1
    #expect(
      bench.answer(last, [.done]) == [
        "changeHeader(name: \"Defang-Mark\", occurrence: 1, value: [])", "proceed",
      ])
  }

  @Test func aMarkThatIsNotOursIsNone() throws {
    let bench = try PolicyBench(Self.held)
    _ = try bench.say(ownPackets(envelope: false))
    #expect(bench.answer(0, [.failed(reason: "altered")]).isEmpty)
    #expect(bench.answer(1, [.done]) == ["discard"])
  }

  /// Rules that did not see the envelope cannot judge the message.
  @Test func aBrokenPromiseIsRefused() throws {
    let bench = try PolicyBench(Self.held)
    _ = try bench.say(ownPackets(envelope: true))
    _ = bench.answer(0, [.done])
    #expect(
      bench.answer(1, [.failed(reason: "no mark")]).last?.hasPrefix("refuse 451 4.7.1") == true)
  }

  /// A notice is sent when the message is safe, and not before.
  @Test func oneRequestAfterTheOther() throws {
    let bench = try PolicyBench(
      "phase eom { rule \"r\" { notify :admin \"held\"; quarantine; } }")
    _ = try bench.say(messagePackets())
    #expect(bench.answer(0, [.done]).isEmpty)
    guard case .notice(let notice) = bench.works.last else {
      Issue.record("\(bench.works)")
      return
    }
    #expect(notice.address == "root@example.com")
    #expect(bench.answer(1, [.done]) == ["discard"])
  }
}
