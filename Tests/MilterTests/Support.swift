// What the milter tests share: packets made by hand, commands and replies as short text, a policy
// that follows a script, and a front end that writes down what it is told.

import Logging
import MilterBridge
import MilterWire
import NIOCore
import RuleBytecode
import RuleVM
import Synchronization

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A packet: length, letter, data.
func packet(_ letter: Character, _ data: [UInt8] = []) -> [UInt8] {
  let length = UInt32(data.count + 1)
  let head = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
  return head + [letter.asciiValue ?? 0] + data
}

func packet(_ letter: Character, _ text: String) -> [UInt8] { packet(letter, Array(text.utf8)) }

func integer(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
}

func offerPacket(
  version: UInt32 = 6, actions: UInt32 = 0x1FF, steps: UInt32 = 0x1F_FFFF
) -> [UInt8] {
  packet("O", integer(version) + integer(actions) + integer(steps))
}

let connectPacket = packet(
  "C", Array("host.example\0".utf8) + [0x34, 0x30, 0x39] + Array("192.0.2.1\0".utf8))

/// The whole of a small message, as an MTA sends it with every step: 33 bytes of header with its
/// empty line, and the body.
func messagePackets(subject: String = "one", body: String = "Hello\r\n") -> [UInt8] {
  packet("D", "Mi\0QUEUE1\0") + packet("M", "<a@example.com>\0SIZE=100\0")
    + packet("R", "<b@example.org>\0") + packet("T") + packet("L", "Subject\0\(subject)\0")
    + packet("L", "X-Folded\0a\n\tb\0") + packet("N") + packet("B", body) + packet("E")
}

func text(_ buffer: ByteBuffer) -> String { String(buffer: buffer) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A command as one line.
func describe(_ command: MilterCommand) -> String {
  switch command {
  case .negotiate(let offer):
    "O \(offer.version) \(String(offer.actions.rawValue, radix: 16)) "
      + String(offer.steps.rawValue, radix: 16)
  case .macros(let stage, let list): "D \(stage) \(list.strings.map(text))"
  case .connect(let facts):
    "C \(text(facts.hostName)) \(facts.family) \(text(facts.address)) \(facts.port)"
  case .helo(let name): "H \(text(name))"
  case .mail(let words): "M \(words.strings.map(text))"
  case .recipient(let words): "R \(words.strings.map(text))"
  case .header(let name, let value): "L \(text(name)):\(text(value))"
  case .body(let piece, _): "B \(text(piece))"
  case .unknown(let words): "U \(text(words))"
  default: "\(command)"
  }
}

/// A reply as one line.
func describe(_ reply: MilterReply) -> String {
  switch reply {
  case .refuse(let reply): "refuse \(reply.code) \(reply.enhanced) \(reply.text)"
  case .modification(.addHeader(let name, let value)): "add \(name):\(text(value))"
  case .modification(.replaceBody(let body)): "body \(text(body))"
  case .modification(let other): "\(other)"
  case .negotiated: "negotiated"
  default: "\(reply)"
  }
}

/// All commands in `bytes`, fed in chunks; pieces of one body packet are put together.
func decodeAll(
  _ bytes: [UInt8], chunk: Int = .max, limits: WireLimits = WireLimits()
) throws(WireError) -> [String] {
  var decoder = PacketDecoder(limits: limits)
  var lines: [String] = []
  var body = ""
  var start = 0
  while start < bytes.count {
    let end = start + min(chunk, bytes.count - start)
    var input = ByteBuffer(bytes: bytes[start..<end])
    while let command = try decoder.next(&input) {
      if case .body(let piece, let isLast) = command {
        body += text(piece)
        if isLast {
          lines.append("B \(body)")
          body = ""
        }
      } else {
        lines.append(describe(command))
      }
    }
    start = end
  }
  return lines
}

/// A policy that does what its script says for each run, and writes down what it is told.
final class ScriptedEvaluation: PolicyEvaluation {
  /// By run, as in `calls`; a run that is not named proceeds.
  var outcomes: [String: RunOutcome] = [:]
  /// Seconds for which the reply to a run is held back.
  var delays: [String: Int] = [:]
  private var delay = 0
  /// What each answered check leads to.
  var resumptions: [UInt32: RunOutcome] = [:]
  var expiries: [RunOutcome] = []
  var early: [CheckRequest] = []
  var wantsBody = true
  private(set) var calls: [String] = []
  private(set) var messages: [ReceivedMessage] = []

  func takeMessage() -> ReceivedMessage? { messages.popLast() }

  private func run(_ call: String) -> RunOutcome {
    calls.append(call)
    delay = delays[call] ?? 0
    return outcomes[call] ?? .decided(.proceed)
  }

  func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage) {
    calls.append("macro \(stage) \(text(copy(name)))=\(text(copy(value)))")
  }

  private func copy(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

  func connect(_ facts: ConnectFacts) -> RunOutcome { run("connect") }
  func helo(_ name: [UInt8]) -> RunOutcome { run("helo \(text(name))") }
  func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    run((["mail", text(path)] + arguments.map(text)).joined(separator: " "))
  }
  func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    run((["rcpt", text(path)] + arguments.map(text)).joined(separator: " "))
  }
  func data() -> RunOutcome { run("data") }
  func headers(_ message: ReceivedMessage) -> RunOutcome { run("headers \(message.sizeBytes)") }
  func endOfMessage(_ message: ReceivedMessage) -> RunOutcome {
    messages.append(message)
    return run("eom")
  }
  func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    calls.append("answer \(id)")
    return resumptions.removeValue(forKey: id)
  }
  func expireChecks() -> RunOutcome? {
    calls.append("expire")
    return expiries.isEmpty ? nil : expiries.removeFirst()
  }
  func earlyRequests() -> [CheckRequest] {
    defer { early = [] }
    return early
  }
  func takeDelaySeconds() -> Int {
    defer { delay = 0 }
    return delay
  }
  func resetMessage() { calls.append("reset") }
}

func check(_ id: UInt32) -> CheckRequest {
  CheckRequest(
    id: id, kind: .dnsbl, name: "zone.example", arguments: ["zone.example", "192.0.2.1"],
    timeoutMilliseconds: 5_000)
}

func refusal(_ text: String, permanent: Bool = true) -> SMTPReply {
  .refusal(permanent: permanent, text: text)
}

/// Writes down what the session tells it.
final class RecordingTransport: SessionTransport {
  var replies: [String] = []
  var tickets: [UInt32: CheckTicket] = [:]
  var isSuspendedAtEnd: Bool?
  var end: SessionEnd?
  var held: (number: UInt32, seconds: Int)?

  func send(_ reply: MilterReply) { replies.append(describe(reply)) }
  func startCheck(_ request: CheckRequest, _ ticket: CheckTicket) { tickets[request.id] = ticket }
  func dropChecks(except isWanted: (CheckTicket) -> Bool) {}
  func sessionDidSuspend(atEndOfMessage: Bool) { isSuspendedAtEnd = atEndOfMessage }
  func sessionDidHoldReply(number: UInt32, seconds: Int) { held = (number, seconds) }
  func sessionDidResume() { isSuspendedAtEnd = nil }
  func sessionDidEnd(_ end: SessionEnd) { self.end = end }

  func take() -> [String] {
    defer { replies = [] }
    return replies
  }
}

/// A session over a scripted policy, fed with packets.
final class Bench {
  let policy = ScriptedEvaluation()
  let transport = RecordingTransport()
  let session: Session
  private var decoder = PacketDecoder()

  init(
    needs: NegotiationNeeds = .everything, limits: BridgeLimits = BridgeLimits(),
    steps: UInt32 = 0, actions: UInt32 = 0x1FF, load: SessionLoad? = nil,
    admission: Admission = .full, hands: (any HandWatch)? = nil
  ) throws {
    let lent = Lending(policy)
    session = Session(
      policy: SessionPolicy(needs: needs, hands: hands) { _ in lent.evaluation }, limits: limits,
      identity: "test", log: quiet, load: load, admission: admission)
    session.transport = transport
    try feed(offerPacket(actions: actions, steps: steps))
    _ = transport.take()
  }

  func feed(_ bytes: [UInt8]) throws {
    var input = ByteBuffer(bytes: bytes)
    while let command = try decoder.next(&input) { session.handle(command) }
  }

  /// Feeds and returns the replies to it.
  func say(_ bytes: [UInt8]) throws -> [String] {
    try feed(bytes)
    return transport.take()
  }

  func answer(_ id: UInt32) -> [String] {
    if let ticket = transport.tickets[id] { session.answer(ticket, .values([])) }
    return transport.take()
  }

  /// Connects and greets.
  func begin() throws {
    try feed(connectPacket + packet("H", "client.example\0"))
    _ = transport.take()
  }
}

/// Hands one evaluation, used on the test's thread alone, to a factory that must be Sendable.
final class Lending: @unchecked Sendable {
  let evaluation: ScriptedEvaluation
  init(_ evaluation: ScriptedEvaluation) { self.evaluation = evaluation }
}

/// Keeps the lines that a session logs.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var logger: Logger {
    Logger(label: "test") { _ in
      Handler { line in self.lines.withLock { $0.append(line) } }
    }
  }

  private struct Handler: LogHandler {
    let keep: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ keep: @escaping @Sendable (String) -> Void) { self.keep = keep }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { keep("\(event.message)") }
  }
}
