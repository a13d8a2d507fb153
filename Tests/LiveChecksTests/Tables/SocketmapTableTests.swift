// `:socketmap` against a server of the test's own: its connections and its frames.
import NIOCore
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct SocketmapTableTests {
  @Test func keepsItsConnectionAndMakesANewOne() async throws {
    let server = try await ScriptedServer { _ in .say("4:OK 1,") }
    let desk = try TableDesk(.socketmap, server.address) { $0.keepMilliseconds = 0 }
    for _ in 0..<5 { #expect(try await desk.value("a") == "1") }
    #expect(server.connections == 1)
    try await server.closeAllAndWait()
    #expect(try await desk.value("a") == "1")
    #expect(server.connections == 2)
  }

  /// The answer to a question that was given up must not be taken for the next one's.
  @Test func closesAConnectionThatIsLate() async throws {
    let server = try await ScriptedServer { _ in .silence }
    let desk = try TableDesk(.socketmap, server.address)
    #expect(await desk.reason("a", milliseconds: 2_000) == "timeout")
    server.change { _ in .say("8:OK fresh,") }
    #expect(try await desk.value("a") == "fresh")
    #expect(server.connections == 2)
  }

  @Test func takesAnAnswerInPieces() throws {
    let whole = Netstring.bytes(Array("OK value".utf8))
    for cut in 0..<whole.count {
      var buffer = ByteBuffer(bytes: whole[..<cut])
      #expect(try Netstring.take(from: &buffer, bytesMax: 8) == nil)
      buffer.writeBytes(whole[cut...])
      #expect(try Netstring.take(from: &buffer, bytesMax: 8) == Array("OK value".utf8))
      #expect(buffer.readableBytes == 0)
    }
    var long = ByteBuffer(bytes: whole)
    #expect(throws: Netstring.Mistake.tooLong) { try Netstring.take(from: &long, bytesMax: 7) }
  }
}
