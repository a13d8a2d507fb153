// Lists of a policy in files: changed ones are taken, half or bad ones are not, and a session keeps
// what it began with.
import Foundation
import LiveChecks
import Logs
import MilterBridge
import RuleBytecode
import RuleCompiler
import RuleVM
import Submission
import Synchronization
import TableFiles
import Testing

@testable import Service

@Suite final class ListWatchTests {
  private let path: String
  private let lines = Lines()

  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/defang-list-" + UUID().uuidString
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private func write(_ text: String) throws {
    // In place, as an editor may do: only size and time tell.
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private func watched(_ type: String) throws -> (CurrentPolicy, ListWatch) {
    var sources = SourceSet()
    let text = """
      require "defang"; table :file "\(path)" :type "\(type)" :max 3 "list";
      phase mail { rule "r" { if lookup "table:list" "${sender}" { accept; } } }
      """
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let program = try VerifiedProgram(try #require(Compiler.compile(sources).program))
    let facts = FileFacts.of(path)
    let (tables, troubles) = TableStore.load(program.program) { path, limit in
      FileBytes.read(path, limit: limit)
    }
    #expect(troubles == [])
    let state = DaemonState(
      DaemonState.Settings(
        directory: "/nonexistent", server: try SMTPServer("127.0.0.1:9"), hostName: "mx.test"))
    let services = LiveServices(LiveServices.Settings(stateDirectory: "/nonexistent"))
    let served = ServedPolicy(
      policy: LoadedPolicy(program, tables: tables),
      desk: try LiveDesk.make(for: program.program, services), keys: .none,
      lists: facts.map { [path: $0] } ?? [:])
    services.stop()
    let watch = MailWatch(LogDesk(), trace: TraceSelection(), book: nil)
    let current = CurrentPolicy(served, state: state, watch: watch, observes: false) { _ in
      NoChecks()
    }
    return (current, ListWatch(current) { [lines] line in lines.all.withLock { $0.append(line) } })
  }

  private func has(_ key: String, _ policy: LoadedPolicy) -> Bool {
    policy.look(up: key, scope: "", inTable: "list") != .missing
  }

  private var logged: [String] {
    lines.all.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }

  @Test func takesAListThatChanged() throws {
    try write("ann\n")
    let (current, watch) = try watched("set")
    let before = current.current
    watch.look()
    watch.look()
    #expect(current.current === before && logged == [])
    try write("ann\nbob\n")
    // It may still be written.
    watch.look()
    #expect(current.current === before)
    watch.look()
    #expect(has("bob", current.current) && !has("bob", before))
    #expect(logged == ["\(path): read again"])
    watch.look()
    #expect(logged == [])
  }

  @Test func keepsTheOldContentOfABadOne() throws {
    try write("ann\n")
    let (current, watch) = try watched("set")
    try write("a\nb\nc\nd\n")
    for _ in 0..<4 { watch.look() }
    #expect(has("ann", current.current) && !has("a", current.current))
    #expect(
      logged == [
        "\(path):4: there are more than 3 entries",
        "\(path): the new content cannot be used, the old one stays",
      ])
    try write("a\nb\n")
    for _ in 0..<2 { watch.look() }
    #expect(has("a", current.current) && !has("ann", current.current))
  }

  @Test func leavesBadLinesOut() throws {
    try write("^ann\n")
    let (current, watch) = try watched("regex")
    try write("^ann\n(a+)+$\n^bob\n")
    for _ in 0..<2 { watch.look() }
    #expect(has("bob", current.current))
    let lines = logged
    #expect(lines.count == 2 && lines[0].hasPrefix("\(path):2: '(a+)+$' can be made"), "\(lines)")
  }

  @Test func keepsAListThatIsGone() throws {
    try write("ann\n")
    let (current, watch) = try watched("set")
    try FileManager.default.removeItem(atPath: path)
    for _ in 0..<3 { watch.look() }
    #expect(has("ann", current.current) && logged == [])
    // The same bytes in another file are read as well: nobody could tell before.
    try write("ann\n")
    for _ in 0..<2 { watch.look() }
    #expect(logged == ["\(path): read again"])
  }
}
