// `:cdb` and `:sqlite`: files that other programs make, asked while they are replaced, cut, or not
// there.
import Foundation
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct FileSourceTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  // MARK: cdb

  @discardableResult
  private func makeCDB(_ name: String, _ records: [(String, String)]) throws -> String {
    let text = records.map { "+\($0.utf8.count),\($1.utf8.count):\($0)->\($1)\n" }.joined() + "\n"
    let path = folder.path + "/" + name
    try folder.run(["cdb", "-c", "-t", path + ".tmp", path], input: text)
    return path
  }

  @Test func asksACDB() async throws {
    let path = try makeCDB("a.cdb", [("example.com", "ours"), ("ann@example.net", "hers")])
    let domains = try TableDesk(.cdb, path, .domain)
    #expect(try await domains.value("mail.Example.com") == "ours")
    #expect(try await domains.value("example.org") == nil)
    let addresses = try TableDesk(.cdb, path, .address)
    #expect(try await addresses.value("Ann@example.net") == "hers")
    #expect(try await addresses.value("bob@example.net") == nil)
  }

  @Test func takesACDBThatCameLater() async throws {
    let path = folder.path + "/b.cdb"
    let desk = try TableDesk(.cdb, path, .map) { $0.failuresMax = 100 }
    #expect(await desk.reason("k") == "\(path) is not there")
    try makeCDB("b.cdb", [("k", "1")])
    #expect(try await desk.value("k") == "1")
    try makeCDB("c.cdb", [("k", "2")])
    try folder.replace("b.cdb", with: "c.cdb")
    while try await desk.value("k") != "2" { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test func saysThatACDBIsDamaged() async throws {
    let path = try folder.write("d.cdb", String(repeating: "no database ", count: 300))
    let desk = try TableDesk(.cdb, path, .map)
    #expect(await desk.reason("k") == "\(path) is no constant database, or damaged")
  }

  // MARK: sqlite

  private func makeSQLite(_ name: String, _ statements: String) throws -> String {
    let path = folder.path + "/" + name
    try folder.run(["sqlite3", path], input: statements)
    return path
  }

  private static let people = """
    create table t(key text, value, part text);
    insert into t values('ann', 'one', ''), ('ann', 'two', ''), ('bob', 7, 'x@example.com');
    insert into t values('eve', null, ''), ('it''s', 'quoted', ''), ('dan', 'd', '@example.com');

    """

  @Test func asksSQLite() async throws {
    let path = try makeSQLite("a.sqlite", Self.people)
    let desk = try TableDesk(
      .sqlite, path, .map, ["query": "select value from t where key = $1 order by value"])
    #expect(try await desk.value("ann") == "one,two")
    #expect(try await desk.value("bob") == "7")
    #expect(try await desk.value("nobody") == nil)
    #expect(try await desk.value("eve") == nil)
    // What is bound is no part of the query.
    #expect(try await desk.value("it's") == "quoted")
    #expect(try await desk.value("' or '1'='1") == nil)
  }

  @Test func findsSectionsOfSQLite() async throws {
    let path = try makeSQLite("s.sqlite", Self.people)
    let query = "select value from t where key = $1 and part = $2"
    let desk = try TableDesk(.sqlite, path, .map, ["query": query])
    #expect(try await desk.value("bob", scope: "X@example.com") == "7")
    #expect(try await desk.value("dan", scope: "x@example.com") == "d")
    #expect(try await desk.value("dan", scope: "x@example.net") == nil)
    #expect(try await desk.value("ann") == "one,two")
  }

  @Test func changesNothing() async throws {
    let path = try makeSQLite("w.sqlite", Self.people)
    let desk = try TableDesk(
      .sqlite, path, .map, ["query": "delete from t where key = $1 returning value"])
    #expect(await desk.reason("ann").contains("readonly"))
    #expect(try folder.run(["sqlite3", path, "select count(*) from t"]) == "6\n")
  }

  @Test(arguments: [
    ("select value from nowhere where key = $1", "no such table: nowhere"),
    ("select from t where key = $1", "syntax error"),
    ("select value from t where key = '$1'", "arguments"),
  ]) func saysWhatIsWrongWithAQuery(_ query: String, _ words: String) async throws {
    let path = try makeSQLite("q\(query.utf8.count).sqlite", Self.people)
    let desk = try TableDesk(.sqlite, path, .map, ["query": query])
    let reason = await desk.reason("ann")
    #expect(reason.contains(words), "\(reason)")
  }

  @Test func interruptsAQueryThatTakesTooLong() async throws {
    let path = try makeSQLite("slow.sqlite", Self.people)
    let query = """
      with recursive c(x) as (select 1 union all select x + 1 from c) \
      select max(x) from c where $1 is not null
      """
    let desk = try TableDesk(.sqlite, path, .map, ["query": query])
    #expect(await desk.reason("ann", milliseconds: 300) == "timeout")
  }

  @Test func takesADatabaseThatWasReplaced() async throws {
    let path = folder.path + "/r.sqlite"
    let desk = try TableDesk(.sqlite, path, .map, ["query": "select v from t where k = $1"]) {
      $0.failuresMax = 100
    }
    #expect(await desk.reason("k") == "\(path) is not there")
    let table = "create table t(k, v);"
    _ = try makeSQLite("r.sqlite", table + "insert into t values('k', 1);")
    #expect(try await desk.value("k") == "1")
    _ = try makeSQLite("r2.sqlite", table + "insert into t values('k', 2);")
    try folder.replace("r.sqlite", with: "r2.sqlite")
    while try await desk.value("k") != "2" { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test func saysThatADatabaseIsNone() async throws {
    let path = try folder.write("n.sqlite", String(repeating: "no database ", count: 300))
    let desk = try TableDesk(.sqlite, path, .map, ["query": "select 1 where 1 = $1"])
    #expect(await desk.reason("k").contains("not a database"))
  }

  @Test func boundsValues() async throws {
    let path = try makeSQLite("v.sqlite", Self.people)
    func desk(_ query: String) throws -> TableDesk {
      try TableDesk(.sqlite, path, .map, ["query": query]) {
        $0.valueBytesMax = 7
        $0.valuesMax = 2
      }
    }
    let query = "select value from t where key = $1"
    #expect(try await desk(query).value("ann") == "one,two")
    #expect(
      try await desk("select 'x' || value from t where key = $1").reason("ann")
        == "a value is longer than 7 bytes")
    #expect(
      try await desk(query + " union all select 1").reason("ann")
        == "a key has more than 2 values")
  }
}
