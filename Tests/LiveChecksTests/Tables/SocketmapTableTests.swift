// `:socketmap` against a server of the test's own, with each fault that one can have.
import NIOCore
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct SocketmapTableTests {
  struct Case: Sendable {
    let said: String
    let answer: CheckAnswer
  }

  private static func failed(_ reason: String) -> CheckAnswer { .failed(.table, reason: reason) }
  private static let nonsense = failed("it answers what the protocol does not know")

  private static let cases = [
    Case(said: "8:OK value,", answer: .values(["value"])),
    Case(said: "3:OK ,", answer: .values([""])),
    Case(said: "2:OK,", answer: .values([""])),
    Case(said: "12:OK two words,", answer: .values(["two words"])),
    Case(said: "9:NOTFOUND ,", answer: .values([])),
    Case(said: "12:TEMP one day,", answer: failed("it says TEMP: one day")),
    Case(said: "13:TIMEOUT later,", answer: failed("it says TIMEOUT: later")),
    Case(said: "9:PERM no\u{1b}[,", answer: failed("it says PERM: no [")),
    Case(said: "5:MAYBE,", answer: nonsense),
    Case(said: "0:,", answer: nonsense),
    Case(said: "8:OK valueX", answer: nonsense),
    Case(said: "08:OK value,", answer: nonsense),
    Case(said: ":OK value,", answer: nonsense),
    Case(said: "9999999999:x", answer: nonsense),
    Case(said: "hello\r\n", answer: nonsense),
    Case(said: "999999999:x", answer: failed("a value is longer than 65539 bytes")),
    Case(said: "4:OK a,4:OK b,", answer: failed("it says more than was asked")),
  ]

  @Test(arguments: cases) func readsAnswers(_ item: Case) async throws {
    let server = try await ScriptedServer { _ in .say(item.said) }
    let desk = try TableDesk(.socketmap, server.address, name: "access")
    #expect(await desk.answer("key with blanks") == item.answer)
    #expect(server.requests == ["22:access key with blanks,"])
  }

  @Test func failsWhenNobodyListens() async throws {
    let desk = try TableDesk(.socketmap, "unix:/nonexistent/socket")
    #expect(await desk.reason("a").hasPrefix("no connection to unix:/nonexistent/socket: "))
    let refused = try TableDesk(.socketmap, "inet:1@127.0.0.1")
    #expect(await refused.reason("a").hasPrefix("no connection to inet:1@127.0.0.1: "))
  }

  @Test(arguments: ["", "8:OK va"]) func failsWhenItIsCut(_ said: String) async throws {
    let server = try await ScriptedServer { _ in .cut(said) }
    let desk = try TableDesk(.socketmap, server.address)
    #expect(await desk.reason("a") == TableTrouble.cut.reason)
  }

  @Test func failsInTimeWhenItIsSilent() async throws {
    let server = try await ScriptedServer { _ in .silence }
    let desk = try TableDesk(.socketmap, server.address)
    #expect(await desk.reason("a", milliseconds: 200) == "timeout")
  }

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
    #expect(await desk.reason("a", milliseconds: 200) == "timeout")
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
