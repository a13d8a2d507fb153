// The server on a real socket, and the session that waits, which libmilter uses: several sessions
// at once, answers in the opposite order, stopping, and a limit of sessions.

import Foundation
import MailLab
import MilterBridge
import MilterWire
import NIOCore
import NIOPosix
import RuleBytecode
import RuleVM
import Synchronization
import Testing
import UnixAddress

/// A policy whose end of message waits for a check named by the sender, and refuses with that name.
final class NamedEvaluation: PolicyEvaluation {
  private var name = ""

  func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage) {}
  func connect(_ facts: ConnectFacts) -> RunOutcome { .decided(.proceed) }
  func helo(_ name: [UInt8]) -> RunOutcome { .decided(.proceed) }
  func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome {
    name = text(path)
    return .decided(.proceed)
  }
  func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome { .decided(.proceed) }
  func data() -> RunOutcome { .decided(.proceed) }
  func headers(_ message: ReceivedMessage) -> RunOutcome { .decided(.proceed) }
  func endOfMessage(_ message: ReceivedMessage) -> RunOutcome {
    .waiting([
      CheckRequest(id: 1, kind: .dnsbl, name: name, arguments: [], timeoutMilliseconds: 1_000)
    ])
  }
  func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? {
    .decided(.refuse(refusal(name)))
  }
  func expireChecks() -> RunOutcome? { nil }
  func resetMessage() {}
}

/// Completions by the name of the check; the test waits until one is there.
final class NamedChecks: CheckService {
  private let completions = Mutex<[String: @Sendable (CheckAnswer) -> Void]>([:])

  func start(
    _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
  ) -> (any StartedCheck)? {
    completions.withLock { $0[request.name] = completion }
    return nil
  }

  func answer(_ name: String) async {
    await untilTrue { completions.withLock { $0[name] != nil } }
    completions.withLock { $0.removeValue(forKey: name) }?(.values([]))
  }

  func isAsked(_ name: String) -> Bool { completions.withLock { $0[name] != nil } }
}

/// The test goes on when it does not become true, and fails.
func untilTrue(_ condition: () -> Bool) async {
  #expect(await Laboratory.eventually(timeoutSeconds: 300, condition))
}

/// The MTA's side: sends packets, gives replies one by one.
private struct Client {
  let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func connect(_ path: String) async throws -> Client {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return Client(channel: channel)
  }

  static func connect(_ host: String, _ port: Int) async throws -> Client {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return Client(channel: channel)
  }

  /// Sends and reads until `count` replies are there or the connection ends; their texts.
  func talk(_ script: [([UInt8], Int)], between: @Sendable () async -> Void = {}) async throws
    -> [String]
  {
    try await channel.executeThenClose { inbound, outbound in
      var iterator = inbound.makeAsyncIterator()
      var received = ByteBuffer()
      var replies: [String] = []
      for (bytes, count) in script {
        do {
          // Nothing to say is not said: the server may be closing at this moment.
          if !bytes.isEmpty { try await outbound.write(ByteBuffer(bytes: bytes)) }
        } catch {
          return replies + ["closed"]
        }
        let wanted = replies.count + count
        while replies.count < wanted {
          // PROGRESS comes when the machine is busy.
          while let reply = received.nextReply() { if reply != "p" { replies.append(reply) } }
          if replies.count >= wanted { break }
          guard var more = try await iterator.next() else { return replies + ["closed"] }
          received.writeBuffer(&more)
        }
        // Only a reply shows that the server knows of this connection.
        await between()
      }
      return replies
    }
  }
}

extension ByteBuffer {
  fileprivate mutating func nextReply() -> String? {
    guard let length = getInteger(at: readerIndex, as: UInt32.self),
      readableBytes >= 4 + Int(length)
    else { return nil }
    moveReaderIndex(forwardBy: 4)
    return readString(length: Int(length)).map { $0.hasPrefix("O") ? "O" : $0 }
  }
}

/// Threads that connect, offer, and want an answer, again and again.
private final class Connecting: Sendable {
  private let path: String
  private let isOver = Atomic(false)
  private let found = Mutex<(served: Int, lost: [String])>((0, []))
  private let threads = DispatchGroup()

  init(_ path: String) { self.path = path }

  func begin(count: Int) {
    for _ in 0..<count {
      threads.enter()
      Thread.detachNewThread { [self] in
        while !isOver.load(ordering: .relaxed) { connect() }
        threads.leave()
      }
    }
  }

  private func connect() {
    do {
      let peer = try RawPeer(unix: path)
      try peer.send(offerPacket())
      let reply = try peer.read()
      found.withLock { found in
        switch reply {
        case nil: found.lost.append("silent")
        case []: found.lost.append("closed")
        default: found.served += 1
        }
      }
    } catch {
      found.withLock { $0.lost.append("\(error)") }
    }
  }

  func end() -> (served: Int, lost: [String]) {
    isOver.store(true, ordering: .relaxed)
    threads.wait()
    return found.withLock { $0 }
  }
}

@Suite struct MilterServerTests {
  /// What a busy machine takes long for is not the peer's fault here.
  private static let patient = {
    var limits = BridgeLimits()
    limits.packetSeconds = 3_600
    limits.endOfMessageSeconds = 3_600
    limits.commandSeconds = 3_600
    return limits
  }()

  private static func configuration(
    _ path: String, checks: any CheckService, limits: BridgeLimits = patient
  ) throws -> MilterServerConfiguration {
    MilterServerConfiguration(
      listeners: [.address(try SocketAddressText("unix:\(path)"))], socketMode: 0o600,
      limits: limits,
      policy: {
        SessionPolicy(
          needs: NegotiationNeeds(
            sent: [.message], header: true, body: true, verdicts: [.message], actions: [],
            macros: nil), checks: checks
        ) { _ in NamedEvaluation() }
      },
      logger: quiet, threadCount: 2)
  }

  private static func message(_ name: String) -> [UInt8] {
    packet("M", "\(name)\0") + packet("L", "Subject\0x\0") + packet("N") + packet("B", "b")
      + packet("E")
  }

  @Test func sessionsAnsweredInTheOppositeOrder() async throws {
    let folder = try SocketFolder()
    let checks = NamedChecks()
    let server = MilterServer(try Self.configuration(folder.socket, checks: checks))
    try await server.start()
    let first = try await Client.connect(folder.socket)
    let second = try await Client.connect(folder.socket)
    async let one = first.talk([(offerPacket(), 1), (Self.message("one"), 1)])
    async let two = second.talk([(offerPacket(), 1), (Self.message("two"), 1)])
    await checks.answer("two")
    #expect(try await two == ["O", "y550 5.7.1 two\0"])
    await checks.answer("one")
    #expect(try await one == ["O", "y550 5.7.1 one\0"])
    await server.stop(graceSeconds: 5)
    #expect(ListenSocket.identity(folder.socket) == nil)
  }

  @Test func stoppingFinishesTheMessageInHand() async throws {
    let folder = try SocketFolder()
    let checks = NamedChecks()
    let server = MilterServer(try Self.configuration(folder.socket, checks: checks))
    try await server.start()
    let client = try await Client.connect(folder.socket)
    async let replies = client.talk([
      (offerPacket(), 1), (Self.message("kept"), 1), ([], 1),
    ])
    await untilTrue { checks.isAsked("kept") }
    async let stopped: Void = server.stop(graceSeconds: 30)
    // The first thing that stopping does.
    await untilTrue { ListenSocket.identity(folder.socket) == nil }
    await checks.answer("kept")
    #expect(try await replies == ["O", "y550 5.7.1 kept\0", "closed"])
    await stopped
  }

  /// Where another serves already, a session may also begin its message.
  @Test func whoIsReplacedEndsItsSessions() async throws {
    let folder = try SocketFolder()
    let checks = NamedChecks()
    let server = MilterServer(try Self.configuration(folder.socket, checks: checks))
    try await server.start()
    let client = try await Client.connect(folder.socket)
    async let answered: Void = {
      await untilTrue { checks.isAsked("kept") }
      await checks.answer("kept")
    }()
    let stop = Mutex<Task<Void, Never>?>(nil)
    let replies = try await client.talk([(offerPacket(), 1), (Self.message("kept"), 1)]) {
      stop.withLock { task in
        task = task ?? Task { await server.stop(graceSeconds: 30, isReplaced: true) }
      }
      await untilTrue { ListenSocket.identity(folder.socket) == nil }
    }
    #expect(replies == ["O", "y550 5.7.1 kept\0"])
    await answered
    await stop.withLock { $0 }?.value
  }

  /// Who connects while one server takes another's place is served by either: nobody is accepted
  /// and let go.
  @Test func whoConnectsAtTheChangeIsServed() async throws {
    let folder = try SocketFolder()
    let socket = try BoundListener.open(try SocketAddressText("unix:\(folder.socket)"))
    defer { socket.abandon() }
    func next() async throws -> MilterServer {
      var configuration = try Self.configuration(folder.socket, checks: NamedChecks())
      configuration.listeners = [.bound(.adopted(dup(socket.descriptor), name: "shared"))]
      let server = MilterServer(configuration)
      try await server.start()
      return server
    }
    var server = try await next()
    let connecting = Connecting(folder.socket)
    connecting.begin(count: 3)
    // One after the other, since NIO built for debugging traps when another listener was quicker;
    // meanwhile connections wait at the socket.
    for _ in 1...200 {
      await server.stop(graceSeconds: 30, isReplaced: true)
      server = try await next()
    }
    let (served, lost) = connecting.end()
    await server.stop(graceSeconds: 0)
    #expect(served > 100 && lost.isEmpty, "\(served) served, \(lost)")
  }

  @Test func moreSessionsThanTheLimitAreTempfailed() async throws {
    let folder = try SocketFolder()
    var limits = Self.patient
    limits.sessionsMax = 1
    let server = MilterServer(
      try Self.configuration(folder.socket, checks: NamedChecks(), limits: limits))
    try await server.start()
    let first = try await Client.connect(folder.socket)
    let replies = try await first.talk([(offerPacket(), 1)]) {
      do {
        let second = try await Client.connect(folder.socket)
        let replies = try await second.talk([(offerPacket(), 1), (packet("M", "a\0"), 1)])
        #expect(replies == ["O", "y451 4.3.2 Too busy, please try again later\0"])
      } catch {
        Issue.record(error)
      }
    }
    #expect(replies == ["O"])
    await server.stop(graceSeconds: 5)
  }

  /// Sockets of every family, one made by somebody else, one limit over all of them.
  @Test func severalListenersShareOneLimit() async throws {
    let (one, two) = (try SocketFolder(), try SocketFolder())
    var limits = Self.patient
    limits.sessionsMax = 3
    var configuration = try Self.configuration(one.socket, checks: NamedChecks(), limits: limits)
    // Below those that the system hands out, so nobody has it.
    let port = Int.random(in: 20_000...30_000)
    let made = try BoundListener.open(SocketAddressText("unix:\(two.socket)"), mode: 0o600)
    configuration.listeners += [
      .address(try SocketAddressText("inet:\(port)@127.77.7.7")),
      .address(try SocketAddressText("inet6:\(port)@::1")),
      .bound(.adopted(made.descriptor, name: "given")),
    ]
    let server = MilterServer(configuration)
    try await server.start()
    let clients = [
      try await Client.connect(one.socket), try await Client.connect("127.77.7.7", port),
      try await Client.connect("::1", port),
    ]
    let last = { @Sendable in
      do {
        let replies = try await Client.connect(two.socket)
          .talk([(offerPacket(), 1), (packet("M", "a\0"), 1)])
        #expect(replies == ["O", "y451 4.3.2 Too busy, please try again later\0"])
      } catch {
        Issue.record(error)
      }
    }
    let replies = try await clients[0].talk([(offerPacket(), 1)]) {
      let inner = try? await clients[1].talk([(offerPacket(), 1)]) {
        let innermost = try? await clients[2].talk([(offerPacket(), 1)], between: last)
        #expect(innermost == ["O"])
      }
      #expect(inner == ["O"])
    }
    #expect(replies == ["O"])
    await server.stop(graceSeconds: 5)
    #expect(ListenSocket.identity(one.socket) == nil)
    // The one that was given is not ours to take away.
    #expect(ListenSocket.identity(two.socket) != nil)
  }

  /// All or none: what was made before the one that fails is taken away again.
  @Test func oneListenerThatFailsEndsAll() async throws {
    let folder = try SocketFolder()
    var configuration = try Self.configuration(folder.socket, checks: NamedChecks())
    configuration.listeners.append(.address(try SocketAddressText("unix:/nowhere/at/all")))
    await #expect(throws: ListenError.parentMissing("/nowhere/at/all")) {
      try await MilterServer(configuration).start()
    }
    #expect(ListenSocket.identity(folder.socket) == nil)
  }

  @Test func aSecondServerIsRefused() async throws {
    let folder = try SocketFolder()
    let configuration = try Self.configuration(folder.socket, checks: NamedChecks())
    let server = MilterServer(configuration)
    try await server.start()
    await #expect(throws: ListenError.inUse(folder.socket)) {
      try await MilterServer(configuration).start()
    }
    await server.stop(graceSeconds: 5)
  }
}
