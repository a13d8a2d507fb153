// `:postgresql` against a real server, and against what is none.
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct PostgresTableTests {
  @Test func asksARealServer() async throws {
    let server = try PostgresServer()
    defer { server.stop() }
    try server.sql(
      """
      create table t(key text, value text, part text);
      insert into t values('ann', 'one', ''), ('ann', 'two', ''), ('eve', null, ''),
        ('bob', 'seven', 'x@example.com'), ('it''s', 'quoted', ''), ('dan', 'd', '@example.com');
      """)
    let settings = "host=\(server.folder) user=postgres"
    func desk(
      _ query: String, _ change: (inout TableCallLimits) -> Void = { _ in }
    ) throws -> TableDesk {
      try TableDesk(.postgresql, settings, .map, ["query": query], change)
    }
    let plain = try desk("select value from t where key = $1 order by value")
    #expect(try await plain.value("ann") == "one,two")
    #expect(try await plain.value("nobody") == nil)
    #expect(try await plain.value("eve") == nil)
    #expect(try await plain.value("it's") == "quoted")
    #expect(try await plain.value("' or '1'='1") == nil)
    let part = try desk("select value from t where key = $1 and part = $2")
    #expect(try await part.value("bob", scope: "X@example.com") == "seven")
    #expect(try await part.value("dan", scope: "x@example.com") == "d")
    #expect(try await part.value("bob", scope: "y@example.org") == nil)
    try await mistakes(desk)
    try await bounds(desk)
    try await restart(server, desk)
  }

  private typealias Desk =
    (String, (inout TableCallLimits) -> Void) throws -> TableDesk

  private func mistakes(_ desk: Desk) async throws {
    let changing = try desk("delete from t where key = $1 returning value") { _ in }
    #expect(await changing.reason("ann").contains("read-only transaction"))
    // A key that a type does not take says nothing of the server.
    let typed = try desk("select 'yes' where $1::inet = '192.0.2.1'") { $0.failuresMax = 1 }
    #expect(await typed.reason("no address").contains("invalid input syntax"))
    #expect(try await typed.value("192.0.2.1") == "yes")
    let unknown = try desk("select value from nowhere where key = $1") { _ in }
    #expect(await unknown.reason("ann").contains("\"nowhere\" does not exist"))
    let slow = try desk("select pg_sleep(3600) where $1 <> ''") { _ in }
    #expect(await slow.reason("ann", milliseconds: 1_000) == "timeout")
  }

  private func bounds(_ desk: Desk) async throws {
    let endless = try desk("select generate_series(1, 1000000000) where $1 <> ''") {
      $0.valuesMax = 10
    }
    #expect(await endless.reason("ann") == "a key has more than 10 values")
    let long = try desk("select repeat('x', 100) where $1 <> ''") { $0.valueBytesMax = 99 }
    #expect(await long.reason("ann") == "a value is longer than 99 bytes")
  }

  private func restart(_ server: PostgresServer, _ desk: Desk) async throws {
    let kept = try desk("select 'there' where $1 <> ''") {
      $0.keepMilliseconds = 0
      $0.failuresMax = 100
    }
    #expect(try await kept.value("k") == "there")
    server.stop()
    #expect(await kept.reason("k").contains("failed"))
    try server.start()
    #expect(try await kept.value("k") == "there")
  }

  @Test func failsWhenNobodyListens() async throws {
    let desk = try TableDesk(
      .postgresql, "host=/nonexistent user=x", .map, ["query": "select $1"])
    #expect(await desk.reason("k").contains("/nonexistent/.s.PGSQL.5432"))
  }

  @Test func failsInTimeWhenItIsSilent() async throws {
    let server = try await ScriptedServer(named: ".s.PGSQL.5432") { _ in .silence }
    let desk = try TableDesk(
      .postgresql, "host=\(server.folderPath) user=x", .map, ["query": "select $1"])
    #expect(await desk.reason("k", milliseconds: 500) == "timeout")
  }

  @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", ""])
  func failsWhenItIsNone(_ said: String) async throws {
    let server = try await ScriptedServer(named: ".s.PGSQL.5432") { _ in .cut(said) }
    let desk = try TableDesk(
      .postgresql, "host=\(server.folderPath) user=x", .map, ["query": "select $1"])
    let reason = await desk.reason("k")
    #expect(reason.contains("expected authentication") || reason.contains("closed"), "\(reason)")
  }
}
