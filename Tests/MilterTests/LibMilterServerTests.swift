// libmilter in this process, which it can be in once: one test for all of its life.

import Glibc
import MailLab
import MilterWire
import RuleVM
import Synchronization
import Testing
import UnixAddress

@testable import MilterBridge

@Suite struct LibMilterServerTests {
  private final class Failures: Sendable {
    private let found = Mutex(0)
    var count: Int { found.withLock { $0 } }
    func add() { found.withLock { $0 += 1 } }
  }

  private static func configuration(_ socket: BoundListener) -> MilterServerConfiguration {
    MilterServerConfiguration(
      listeners: [.bound(socket)],
      policy: {
        SessionPolicy(
          needs: NegotiationNeeds(
            sent: [.message], header: true, body: true, verdicts: [.message], actions: [],
            macros: nil), checks: NamedChecks()
        ) { _ in NamedEvaluation() }
      },
      logger: quiet)
  }

  /// Whether somebody there answers an offer.
  private static func answers(_ path: String) -> Bool {
    guard let peer = try? RawPeer(unix: path), (try? peer.send(offerPacket())) != nil,
      let reply = try? peer.read()
    else { return false }
    return !reply.isEmpty
  }

  private static func path(of number: Int32) -> String {
    let name = SocketSwap.place(of: number) ?? []
    return String(decoding: name.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func listener(at path: String, besides known: Int32) -> Int32? {
    (3..<4_096).first { $0 != known && self.path(of: $0) == path && SocketSwap.isListening($0) }
  }

  /// It serves at a socket that somebody else keeps. When it has ended by itself whoever started it
  /// is told once, and the socket is as it was: another takes over.
  @Test func whoStartedItIsToldOfItsEnd() async throws {
    let folder = try SocketFolder()
    let socket = try BoundListener.open(try SocketAddressText("unix:\(folder.socket)"))
    defer { socket.abandon() }
    let failures = Failures()
    func shared() -> BoundListener { .adopted(dup(socket.descriptor), name: "shared") }
    var configuration = Self.configuration(shared())
    configuration.hasFailed = { failures.add() }
    let server = LibMilterServer(configuration)
    try await server.start()
    #expect(Self.answers(folder.socket))
    let number = try #require(Self.listener(at: folder.socket, besides: socket.descriptor))
    #expect(failures.count == 0)
    LibMilter.stop()
    #expect(await Laboratory.eventually(timeoutSeconds: 60) { failures.count == 1 })
    await server.stop(graceSeconds: 0)
    // Its number is anybody's by now, so the socket of the end has no place there.
    #expect(!Self.path(of: number).hasSuffix("/none"))
    let next = MilterServer(Self.configuration(shared()))
    try await next.start()
    #expect(Self.answers(folder.socket))
    await next.stop(graceSeconds: 0)
    #expect(failures.count == 1)
  }
}
