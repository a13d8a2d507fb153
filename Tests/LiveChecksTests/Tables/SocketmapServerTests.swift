// The policy's tables as a socketmap server: answers, what is no request, and its bounds. Our own
// client asks where it can; the end-to-end tests ask with Postfix's.
import MilterBridge
import NIOCore
import NIOPosix
import RuleBytecode
import RuleVM
import Testing
import UnixAddress

@testable import LiveChecks
@testable import Service

@Suite(.serialized) struct SocketmapServerTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private var address: String { "unix:\(folder.path)/map" }

  private func server(
    _ limits: SocketmapLimits = SocketmapLimits(),
    _ answering: @escaping SocketmapServer.Answering
  ) async throws -> SocketmapServer {
    let server = SocketmapServer(limits: limits, answering: answering)
    try await server.start(at: BoundListener.open(SocketAddressText(address), mode: 0o600))
    return server
  }

  @Test func answersOurClient() async throws {
    let server = try await server { name, key in
      switch key {
      case "hit": .found("value of \(name)")
      case "late": .late("a moment")
      case "later": .later("one day")
      case "never": .never("no")
      default: .missing
      }
    }
    let desk = try TableDesk(.socketmap, address, name: "access") { $0.failuresMax = 100 }
    #expect(try await desk.value("hit") == "value of access")
    #expect(try await desk.value("other words") == nil)
    #expect(await desk.reason("late") == "it says TIMEOUT: a moment")
    #expect(await desk.reason("later") == "it says TEMP: one day")
    #expect(await desk.reason("never") == "it says PERM: no")
    await server.stop()
    #expect(await desk.reason("gone").hasPrefix("no connection to unix:"))
  }

  @Test func boundsAnswers() async throws {
    var limits = SocketmapLimits()
    limits.replyBytesMax = 5
    let server = try await server(limits) { _, key in .found(key) }
    let desk = try TableDesk(.socketmap, address)
    #expect(try await desk.value("ab") == "ab")
    #expect(await desk.reason("abc") == "it says PERM: the value is longer than 5 bytes")
    await server.stop()
  }

  /// Sends bytes as they are; returns what comes until the server closes, or `count` bytes of it.
  private func said(to bytes: String, atMost count: Int = .max) async throws -> String {
    let path = folder.path + "/map"
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: bytes))
      var all = ""
      for try await more in inbound {
        all += String(buffer: more)
        if all.utf8.count >= count { break }
      }
      return all
    }
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\n", "0123:", ":x,", "3:a b;", "99999999999:", "8193:", "5:a bcdef",
  ]) func closesOnWhatIsNoRequest(_ bytes: String) async throws {
    let server = try await server { _, key in .found(key) }
    #expect(try await said(to: bytes) == "")
    await server.stop()
  }

  @Test func answersRequestsInTheirOrder() async throws {
    let server = try await server { name, key in .found("\(name)/\(key)") }
    let answers = "8:OK t/one,8:OK t/two,5:OK t/,4:OK /,"
    let said = try await said(
      to: "5:t one,5:t two,2:t ,0:,", atMost: answers.utf8.count)
    #expect(said == answers)
    await server.stop()
  }

  @Test func takesNoMoreConnectionsThanItMay() async throws {
    var limits = SocketmapLimits()
    limits.connectionsMax = 1
    let server = try await server(limits) { _, key in .found(key) }
    let desk = try TableDesk(.socketmap, address)
    #expect(try await desk.value("k") == "k")
    // Our client keeps its connection: there is no second one.
    // It is closed at once, perhaps before we could write.
    let answer = (try? await said(to: "3:t k,")) ?? ""
    #expect(answer == "")
    await server.stop()
  }
}
