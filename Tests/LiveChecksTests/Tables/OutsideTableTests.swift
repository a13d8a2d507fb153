// What all outside tables have in common: which keys are asked, what is kept, one question at a
// time, and a source that fails is left alone. Asked of a socketmap server that a test writes.
import NIOCore
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

private func netstring(_ text: String) -> String { "\(text.utf8.count):\(text)," }

/// The key of a socketmap request.
private func key(_ request: String) -> String {
  let content = request.drop { $0 != ":" }.dropFirst().dropLast()
  return String(content.drop { $0 != " " }.dropFirst())
}

@Suite(.serialized) struct OutsideTableTests {
  struct Expansion: Sendable {
    let type: TableType
    let key: String
    let asked: [String]
  }

  private static let expansions = [
    Expansion(type: .set, key: "plain", asked: ["plain"]),
    Expansion(type: .set, key: "Mixed", asked: ["Mixed", "mixed"]),
    Expansion(type: .map, key: "Ann@Example.com", asked: ["Ann@Example.com", "ann@example.com"]),
    Expansion(
      type: .domain, key: "Mail.Example.COM", asked: ["mail.example.com", "example.com", "com"]),
    Expansion(type: .domain, key: "ann@example.com", asked: ["example.com", "com"]),
    Expansion(
      type: .address, key: "Ann@example.com", asked: ["ann@example.com", "@example.com", "ann@"]),
    Expansion(type: .address, key: "no-address", asked: []),
    Expansion(type: .set, key: "", asked: []),
    Expansion(type: .set, key: "a\u{0}b", asked: []),
    Expansion(type: .set, key: "a\nb", asked: []),
  ]

  @Test(arguments: expansions) func asksTheKeysOfFiles(_ expansion: Expansion) async throws {
    let server = try await ScriptedServer { _ in .say(netstring("NOTFOUND ")) }
    let desk = try TableDesk(.socketmap, server.address, expansion.type)
    #expect(try await desk.value(expansion.key) == nil)
    #expect(server.requests.map(key) == expansion.asked)
  }

  @Test func asksOnlyTheLastNamesOfAVeryDeepOne() async throws {
    let server = try await ScriptedServer { _ in .say(netstring("NOTFOUND ")) }
    let desk = try TableDesk(.socketmap, server.address, .domain) { $0.keysMax = 3 }
    #expect(try await desk.value("a.b.c") == nil)
    #expect(try await desk.value("v.w.x.y.z") == nil)
    #expect(server.requests.map(key) == ["a.b.c", "b.c", "c", "v.w.x.y.z", "y.z", "z"])
  }

  @Test func endsAtTheFirstKeyThatIsThere() async throws {
    let server = try await ScriptedServer { request in
      .say(netstring(key(request) == "@example.com" ? "OK theirs" : "NOTFOUND "))
    }
    let desk = try TableDesk(.socketmap, server.address, .address)
    #expect(try await desk.value("bob@example.com") == "theirs")
    #expect(server.requests.map(key) == ["bob@example.com", "@example.com"])
  }

  @Test func keepsHitsAndMissesForAWhile() async throws {
    let server = try await ScriptedServer { request in
      .say(netstring(key(request) == "a" ? "OK 1" : "NOTFOUND "))
    }
    let kept = try TableDesk(.socketmap, server.address) { $0.keepMilliseconds = 3_600_000 }
    for _ in 0..<3 {
      #expect(try await kept.value("a") == "1")
      #expect(try await kept.value("b") == nil)
    }
    #expect(server.requests.count == 2)
    let fresh = try TableDesk(.socketmap, server.address) { $0.keepMilliseconds = 0 }
    for _ in 0..<3 { #expect(try await fresh.value("a") == "1") }
    #expect(server.requests.count == 5)
  }

  @Test func asksEqualQuestionsOnce() async throws {
    let server = try await ScriptedServer { _ in .say(netstring("OK 1")) }
    let desk = try TableDesk(.socketmap, server.address) { $0.keepMilliseconds = 3_600_000 }
    let answers = await withTaskGroup(of: CheckAnswer.self) { group in
      for _ in 0..<20 { group.addTask { await desk.answer("a") } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    // Whoever comes while it is on its way waits for it, whoever comes later finds it.
    #expect(answers == Array(repeating: .values(["1"]), count: 20))
    #expect(server.requests.count == 1)
  }

  @Test func leavesAloneWhatFails() async throws {
    let server = try await ScriptedServer { _ in .say("what?") }
    let desk = try TableDesk(.socketmap, server.address) {
      $0.failuresMax = 2
      $0.leaveAloneMilliseconds = 3_600_000
    }
    let nonsense = "it answers what the protocol does not know"
    #expect(await desk.reason("a") == nonsense)
    #expect(await desk.reason("b") == nonsense)
    #expect(await desk.reason("c") == "left alone for a while after: \(nonsense)")
    #expect(server.requests.count == 2)
    #expect(desk.logged == ["table 't': left alone for 3600 s after: \(nonsense)"])
  }

  @Test func triesAgainAfterAWhile() async throws {
    let server = try await ScriptedServer { _ in .cut("") }
    let desk = try TableDesk(.socketmap, server.address) {
      $0.failuresMax = 1
      $0.leaveAloneMilliseconds = 0
    }
    #expect(await desk.reason("a").hasPrefix("the connection was closed"))
    server.change { _ in .say(netstring("OK back")) }
    #expect(try await desk.value("a") == "back")
    #expect(desk.logged.last == "table 't': answers again")
  }

  /// A sender who finds a key that the server cannot take must not silence it for all.
  @Test func aKeyThatIsRefusedIsNoFault() async throws {
    let server = try await ScriptedServer { _ in .say(netstring("PERM no such key")) }
    let desk = try TableDesk(.socketmap, server.address) { $0.failuresMax = 1 }
    for name in ["a", "b", "c"] { #expect(await desk.reason(name) == "it says PERM: no such key") }
  }

  @Test func boundsKeys() async throws {
    let server = try await ScriptedServer { _ in .say(netstring("OK long")) }
    let desk = try TableDesk(.socketmap, server.address) { $0.keyBytesMax = 10 }
    #expect(try await desk.value(String(repeating: "k", count: 10)) == "long")
    #expect(
      await desk.reason(String(repeating: "k", count: 11)) == "a key is longer than 10 bytes")
  }

  @Test func boundsWhatIsKept() throws {
    let known = KnownAnswers(bytesMax: 10_000)
    for index in 0..<1_000 {
      let question = TableQuestion(table: "t", scope: "", key: "\(index)")
      known.keep("value", for: question, until: .distantFuture)
      #expect(known.answer(to: question, .now()) == .some("value"))
      #expect(known.bytes <= 10_000)
    }
    let first = TableQuestion(table: "t", scope: "", key: "0")
    #expect(known.answer(to: first, .now()) == nil)
    // The same again and again takes no more room.
    let bytes = known.bytes
    let last = TableQuestion(table: "t", scope: "", key: "999")
    for _ in 0..<1_000 { known.keep("value", for: last, until: .distantFuture) }
    #expect(known.bytes == bytes)
  }

  @Test func hasNoSectionsWhereNothingTakesThem() async throws {
    let server = try await ScriptedServer { _ in .say(netstring("OK x")) }
    let desk = try TableDesk(.socketmap, server.address)
    let answer = await desk.answer("a", scope: "ann@example.com")
    #expect(answer == .failed(.table, reason: "a table of this source has no sections"))
  }
}
