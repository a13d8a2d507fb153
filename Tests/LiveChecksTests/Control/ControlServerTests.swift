// The control socket under whoever may connect to it: garbage, requests that are too long or never
// whole, too many connections, readers of events that do not read; and who may do what.
import JSONOutput
import MailLab
import MilterBridge
import Synchronization
import Testing
import UnixAddress

@testable import Service

@Suite("The control socket", .serialized)
struct ControlServerTests {
  /// A server at a socket of its own, and what it was asked.
  private final class Desk: Sendable {
    private final class Heard: Sendable {
      let all = Mutex<[(request: ControlRequest, peer: ControlPeer)]>([])
    }

    private let folder: LabDirectory
    private let heard: Heard
    private let server: ControlServer
    let hub: EventHub

    var heardRequests: [ControlRequest] { heard.all.withLock { $0.map(\.request) } }
    var peers: [ControlPeer] { heard.all.withLock { $0.map(\.peer) } }

    init(_ limits: ControlLimits = ControlLimits()) async throws {
      folder = try LabDirectory()
      let address = try SocketAddressText("unix:\(folder.path)/control")
      let bound = try BoundListener.open(address, mode: 0o660)
      let (heard, hub) = (Heard(), EventHub())
      (self.heard, self.hub) = (heard, hub)
      server = ControlServer(
        OpenListener(role: .control, name: address.description, socket: bound), limits: limits,
        hub: hub
      ) { request, peer in
        heard.all.withLock { $0.append((request, peer)) }
        return request.command == "events" ? .events : .done([("heard", .text(request.command))])
      }
      try ListenSocket.listen(bound.descriptor)
      try await server.start()
    }

    func connect() throws -> TestStream { try TestStream(path: folder.path + "/control") }
    func stop() async { await server.stop() }
  }

  /// Lines that come, until there are so many or the end.
  private func lines(_ stream: TestStream, _ count: Int) -> [String] {
    var text: [UInt8] = []
    while text.count(where: { $0 == 10 }) < count, let more = stream.read(), !more.isEmpty {
      text += more
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: Requests

  @Test func requestsAreAnsweredInTheirOrder() async throws {
    let desk = try await Desk()
    let stream = try desk.connect()
    // In pieces that end anywhere, and two in one.
    for piece in ["{\"comm", "and\":\"status\",\"a\":\"b\"", "}\n{\"command\":\"reload\"}\n"] {
      try stream.send(piece)
    }
    #expect(
      lines(stream, 2) == [
        #"{"ok":true,"heard":"status"}"#, #"{"ok":true,"heard":"reload"}"#,
      ])
    #expect(
      desk.heardRequests == [
        ControlRequest(command: "status", arguments: ["command": "status", "a": "b"]),
        ControlRequest(command: "reload", arguments: ["command": "reload"]),
      ])
    await desk.stop()
  }

  @Test(arguments: [
    "", "nonsense", "[]", "{}", #"{"command":1}"#, "{\"command\":\"x\"", "\u{0}",
    // Without its word it would be no dry run.
    #"{"command":"reload","dry_run":true}"#,
  ])
  func whatIsNoRequestIsRefused(_ text: String) async throws {
    let desk = try await Desk()
    let stream = try desk.connect()
    try stream.send(text + "\n{\"command\":\"status\"}\n")
    let answers = lines(stream, 2)
    #expect(answers.first?.hasPrefix(#"{"ok":false,"code":64,"#) == true, "\(answers)")
    // The connection goes on.
    #expect(answers.last == #"{"ok":true,"heard":"status"}"#)
    #expect(desk.heardRequests.count == 1)
    await desk.stop()
  }

  private static let limit = 200

  /// A request of so many bytes, its line end not counted.
  private static func request(bytes: Int) -> String {
    let frame = #"{"command":"status","a":""}"#
    return #"{"command":"status","a":""# + String(repeating: "x", count: bytes - frame.utf8.count)
      + #""}"#
  }

  @Test func longRequestsEndTheirConnection() async throws {
    var limits = ControlLimits()
    limits.requestBytesMax = Self.limit
    let desk = try await Desk(limits)
    let fits = try desk.connect()
    try fits.send(Self.request(bytes: Self.limit))
    try fits.send("\n")
    #expect(lines(fits, 1) == [#"{"ok":true,"heard":"status"}"#])
    let long = try desk.connect()
    try long.send(Self.request(bytes: Self.limit + 1))
    #expect(long.isEnded())
    #expect(desk.heardRequests.count == 1)
    await desk.stop()
  }

  @Test func slowRequestsEndTheirConnection() async throws {
    var limits = ControlLimits()
    limits.idleSeconds = 1
    let desk = try await Desk(limits)
    let stream = try desk.connect()
    try stream.send("{\"command\":")
    #expect(stream.isEnded())
    #expect(desk.heardRequests.isEmpty)
    await desk.stop()
  }

  @Test func connectionsAreBounded() async throws {
    var limits = ControlLimits()
    limits.connectionsMax = 2
    let desk = try await Desk(limits)
    let first = try [desk.connect(), desk.connect()]
    for stream in first {
      try stream.send("{\"command\":\"status\"}\n")
      #expect(lines(stream, 1).count == 1)
    }
    #expect(try desk.connect().isEnded())
    try first[0].send("{\"command\":\"status\"}\n")
    #expect(lines(first[0], 1).count == 1)
    await desk.stop()
  }

  // MARK: Who asks

  @Test func theKernelSaysWhoAsks() async throws {
    let desk = try await Desk()
    let stream = try desk.connect()
    try stream.send("{\"command\":\"status\"}\n")
    #expect(lines(stream, 1).count == 1)
    #expect(desk.peers == [ControlPeer(user: ControlDoor.owner)])
    await desk.stop()
  }

  @Test(
    arguments: [
      (0, 1_000, true), (1_000, 1_000, true), (1_001, 1_000, false), (65_534, 0, false),
      (nil, 1_000, false),
    ] as [(UInt32?, UInt32, Bool)])
  func onlyRootAndTheOwnerMayChange(user: UInt32?, owner: UInt32, mayChange: Bool) {
    #expect(ControlPeer(user: user, owner: owner).mayChange == mayChange)
  }

  @Test func whatChangesSomethingIsMarked() {
    let changing = ControlVerb.allCases.filter { verb in
      verb.isChange(ControlRequest(command: verb.rawValue))
    }
    #expect(Set(changing) == [.reload, .replaceWorker, .set])
    for (verb, word) in [
      (ControlVerb.trace, "filters"), (.trace, "set"), (.logLevel, "level"), (.logLevel, "set"),
      (.shadow, "files"), (.shadow, "set"),
    ] {
      let request = ControlRequest(command: verb.rawValue, arguments: [word: "x"])
      #expect(verb.isChange(request), "\(verb) \(word)")
    }
    // A dry run is a question.
    let dry = ControlRequest(command: "reload", arguments: ["dry_run": "yes"])
    #expect(!ControlVerb.reload.isChange(dry))
  }

  @Test(arguments: [
    ("satus", "did you mean 'status'?"), ("reloda", "did you mean 'reload'?"),
    ("frobnicate", "no command 'frobnicate'"),
  ])
  func unknownCommandsAreNamed(command: String, words: String) {
    let request = ControlRequest(command: command)
    do {
      _ = try request.verb()
      Issue.record("\(command) is a command")
    } catch {
      #expect(error.code == 64 && error.message.hasSuffix(words), "\(error.message)")
    }
  }

  // MARK: Events

  private func reader(_ desk: Desk) throws -> TestStream {
    let stream = try desk.connect()
    try stream.send("{\"command\":\"events\"}\n")
    #expect(lines(stream, 1) == [#"{"ok":true}"#])
    return stream
  }

  @Test func eventsReachEveryReader() async throws {
    let desk = try await Desk()
    let readers = try [reader(desk), reader(desk)]
    desk.hub.tell(ControlEvent("reload", [("result", .text("taken"))], seconds: 7))
    desk.hub.tell(ControlEvent("poison", seconds: 8))
    for stream in readers {
      #expect(
        lines(stream, 2) == [
          #"{"event":"reload","time":7,"result":"taken"}"#, #"{"event":"poison","time":8}"#,
        ])
    }
    await desk.stop()
  }

  @Test func slowReadersAreDroppedAndTold() async throws {
    let desk = try await Desk()
    let (slow, quick) = (try reader(desk), try reader(desk))
    let text = String(repeating: "x", count: 60_000)
    var told = 0
    // The system holds some of it too; then the share of a reader is full.
    while desk.hub.readerCount == 2, told < 1_000 {
      told += 1
      desk.hub.tell(ControlEvent("\(told)", [("text", .text(text))]))
      #expect(lines(quick, 1).first?.hasPrefix("{\"event\":\"\(told)\"") == true)
    }
    #expect(desk.hub.readerCount == 1)
    let heard = lines(slow, .max)
    #expect(heard.last?.hasPrefix(#"{"event":"dropped""#) == true)
    #expect(!heard.contains { $0.hasPrefix("{\"event\":\"\(told)\"") })
    await desk.stop()
  }

  @Test func readersOfEventsAreBounded() async throws {
    let desk = try await Desk()
    let readers = try (0..<EventHub.readersMax).map { _ in try reader(desk) }
    let late = try desk.connect()
    try late.send("{\"command\":\"events\"}\n")
    #expect(lines(late, 1).first?.hasPrefix(#"{"ok":false,"code":75"#) == true)
    // It may ask something else.
    try late.send("{\"command\":\"status\"}\n")
    #expect(lines(late, 1) == [#"{"ok":true,"heard":"status"}"#])
    #expect(readers.count == desk.hub.readerCount)
    await desk.stop()
  }
}
