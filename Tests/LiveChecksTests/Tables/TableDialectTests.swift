// What servers of line protocols may answer, of each protocol: said by a server that the test
// writes, since a real one never says most of it.
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct TableDialectTests {
  /// How one protocol asks.
  struct Dialect: Sendable {
    let source: TableSource
    let request: String
    /// The beginning of an answer.
    let half: String
  }

  private static let redis = Dialect(
    source: .redis, request: "*2\r\n$3\r\nGET\r\n$9\r\ntwo words\r\n", half: "$5\r\nval")
  private static let socketmap = Dialect(
    source: .socketmap, request: "16:access two words,", half: "8:OK va")

  struct Said: Sendable {
    let dialect: Dialect
    let said: String
    let answer: CheckAnswer

    init(_ dialect: Dialect, _ said: String, _ answer: CheckAnswer) {
      self.dialect = dialect
      self.said = said
      self.answer = answer
    }
  }

  private static func failed(_ reason: String) -> CheckAnswer { .failed(.table, reason: reason) }
  private static let nonsense = failed("it answers what the protocol does not know")

  private static let answers = [
    Said(redis, "$5\r\nvalue\r\n", .values(["value"])),
    Said(redis, "$0\r\n\r\n", .values([""])),
    Said(redis, "$-1\r\n", .values([])),
    Said(redis, "+OK\r\n", .values(["OK"])),
    Said(redis, ":7\r\n", .values(["7"])),
    Said(redis, ":0\r\n", .values([])),
    Said(redis, "-LOADING a moment\r\n", failed("it says: LOADING a moment")),
    Said(redis, "$-2\r\n", nonsense),
    Said(redis, "$5\r\nvalueX\r\n", nonsense),
    Said(redis, "*1\r\n$1\r\na\r\n", nonsense),
    Said(redis, ":x\r\n", nonsense),
    Said(redis, "\r\n", nonsense),
    Said(redis, "HTTP/1.1 400 Bad Request\r\n", nonsense),
    Said(redis, "+a\rb", nonsense),
    Said(redis, "$65537\r\n", failed("a value is longer than 65536 bytes")),
    Said(redis, "+a\r\n+b\r\n", failed("it says more than was asked")),
    Said(socketmap, "8:OK value,", .values(["value"])),
    Said(socketmap, "3:OK ,", .values([""])),
    Said(socketmap, "2:OK,", .values([""])),
    Said(socketmap, "12:OK two words,", .values(["two words"])),
    Said(socketmap, "9:NOTFOUND ,", .values([])),
    Said(socketmap, "12:TEMP one day,", failed("it says TEMP: one day")),
    Said(socketmap, "13:TIMEOUT later,", failed("it says TIMEOUT: later")),
    Said(socketmap, "9:PERM no\u{1b}[,", failed("it says PERM: no [")),
    Said(socketmap, "5:MAYBE,", nonsense),
    Said(socketmap, "0:,", nonsense),
    Said(socketmap, "8:OK valueX", nonsense),
    Said(socketmap, "08:OK value,", nonsense),
    Said(socketmap, ":OK value,", nonsense),
    Said(socketmap, "9999999999:x", nonsense),
    Said(socketmap, "hello\r\n", nonsense),
    Said(socketmap, "999999999:x", failed("a value is longer than 65539 bytes")),
    Said(socketmap, "4:OK a,4:OK b,", failed("it says more than was asked")),
  ]

  @Test(arguments: answers) func readsAnswers(_ item: Said) async throws {
    let server = try await ScriptedServer { _ in .say(item.said) }
    let desk = try TableDesk(item.dialect.source, server.address, name: "access")
    #expect(await desk.answer("two words") == item.answer)
    #expect(server.requests == [item.dialect.request])
  }

  @Test(arguments: [redis, socketmap]) func failsWhenItIsCut(_ dialect: Dialect) async throws {
    for said in ["", dialect.half] {
      let server = try await ScriptedServer { _ in .cut(said) }
      let desk = try TableDesk(dialect.source, server.address)
      #expect(await desk.reason("a") == TableTrouble.cut.reason)
    }
  }

  @Test(arguments: [redis, socketmap]) func failsInTimeWhenItIsSilent(
    _ dialect: Dialect
  ) async throws {
    let server = try await ScriptedServer { _ in .silence }
    let desk = try TableDesk(dialect.source, server.address)
    #expect(await desk.reason("a", milliseconds: 200) == "timeout")
  }

  @Test(arguments: [redis, socketmap]) func failsWhenNobodyListens(
    _ dialect: Dialect
  ) async throws {
    for address in ["unix:/nonexistent/socket", "inet:1@127.0.0.1"] {
      let desk = try TableDesk(dialect.source, address)
      #expect(await desk.reason("a").hasPrefix("no connection to \(address): "))
    }
  }
}
