// `:lmdb`: databases that mdb_load makes, with LMDB's own lock file and without one, as Postfix
// writes them; replaced, cut, and locked by a writer.
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct LMDBTableTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  @discardableResult
  private func make(
    _ name: String, _ records: [(String, String)], hasLockFile: Bool
  ) throws -> String {
    let head = [
      "VERSION=3", "format=print", "type=btree", "mapsize=10485760", "maxreaders=126",
      "HEADER=END",
    ]
    let lines = head + records.flatMap { [" " + $0, " " + $1] } + ["DATA=END", ""]
    let path = folder.path + "/" + name
    try folder.run(["mdb_load", "-n", path], input: lines.joined(separator: "\n"))
    if !hasLockFile { try folder.run(["rm", path + "-lock"]) }
    return path
  }

  @Test(arguments: [true, false]) func asksADatabase(_ hasLockFile: Bool) async throws {
    let records = [("example.com", "ours"), ("nul.example\\00", "with\\00"), ("empty", "")]
    let path = try make("a", records, hasLockFile: hasLockFile)
    let desk = try TableDesk(.lmdb, path, .domain)
    #expect(try await desk.value("mail.Example.com") == "ours")
    #expect(try await desk.value("nul.example") == "with")
    #expect(try await desk.value("empty") == "")
    #expect(try await desk.value("example.org") == nil)
    #expect(try await desk.value(String(repeating: "k", count: 600)) == nil)
  }

  @Test func takesADatabaseThatWasReplaced() async throws {
    let path = folder.path + "/b"
    let desk = try TableDesk(.lmdb, path, .map) { $0.failuresMax = 100 }
    #expect(await desk.reason("k") == "\(path) is not there")
    try make("b", [("k", "1")], hasLockFile: false)
    #expect(try await desk.value("k") == "1")
    try make("c", [("k", "2")], hasLockFile: false)
    try folder.replace("b", with: "c")
    while try await desk.value("k") != "2" { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test func readsNoneThatIsDamaged() async throws {
    let noise = try folder.write("n", String(repeating: "no database ", count: 1_000))
    let desk = try TableDesk(.lmdb, noise, .map)
    #expect(await desk.reason("k").contains("MDB_INVALID"))
    let records = (0..<2_000).map { ("key\($0)", String(repeating: "v", count: 100)) }
      .sorted { $0.0 < $1.0 }
    let path = try make("cut", records, hasLockFile: false)
    try folder.run(["truncate", "-s", "16384", path])
    let cut = try TableDesk(.lmdb, path, .map)
    #expect(await cut.reason("key1") == "\(path) is damaged: it ends too early")
  }

  /// As postmap does while it writes.
  @Test func waitsForAWriter() async throws {
    let path = try make("w", [("k", "1")], hasLockFile: false)
    let holder = """
      import fcntl, os, sys, time
      file = open(sys.argv[1], "r+b")
      if os.fork() == 0:
          fcntl.lockf(file, fcntl.LOCK_EX)
          open(sys.argv[1] + ".held", "w")
          for _ in range(3000):
              if os.path.exists(sys.argv[1] + ".free"): break
              time.sleep(0.02)
          os._exit(0)
      while not os.path.exists(sys.argv[1] + ".held"): time.sleep(0.01)
      """
    let script = try folder.write("hold.py", holder)
    try folder.run(["/usr/bin/python3", script, path])
    let desk = try TableDesk(.lmdb, path, .map) { $0.failuresMax = 100 }
    #expect(await desk.reason("k", milliseconds: 300) == "\(path) is being written for too long")
    async let later = desk.value("k")
    try folder.write("w.free", "")
    #expect(try await later == "1")
  }
}
