// The memory's file while a process lives: damage, and what could not be opened.

import Foundation
import Synchronization
import Testing

@testable import PolicyMemory

private final class Notes: Sendable {
  private let all = Mutex<[String]>([])
  private let time = Mutex(now)

  func add(_ line: String) { all.withLock { $0.append(line) } }
  func wait(_ seconds: Int64) { time.withLock { $0 += seconds } }
  var lines: [String] { all.withLock { $0 } }
  var clock: Int64 { time.withLock { $0 } }
}

struct KeeperTests {
  private let folder: MemoryFolder
  private let notes = Notes()

  init() throws { folder = try MemoryFolder() }

  private func keeper(_ path: String? = nil) -> MemoryKeeper {
    let notes = notes
    return MemoryKeeper(path: path ?? folder.file, log: { notes.add($0) }, clock: { notes.clock })
  }

  private func see(_ keeper: MemoryKeeper, _ value: String) throws(MemoryFailure) -> Bool {
    try keeper.use { (records, now) throws(MemoryFailure) in
      try DuplicateMemory(records).isDuplicate(
        DuplicateQuestion(uniqueID: value), nowSeconds: now)
    }
  }

  private func damage() throws {
    try Data(repeating: 65, count: 8_192).write(to: URL(filePath: folder.file))
  }

  @Test func isMadeWhenItIsUsed() throws {
    let keeper = keeper()
    #expect(try folder.files() == [])
    #expect(try keeper.expire() == nil)
    #expect(!keeper.isOpen)
    #expect(try !see(keeper, "v"))
    #expect(try see(keeper, "v"))
    #expect(try keeper.expire() == MemoryExpiry(records: 0, isDone: true))
    notes.wait(1_000_000)
    #expect(try keeper.expire() == MemoryExpiry(records: 1, isDone: true))
    #expect(notes.lines == [])
  }

  @Test func aFileThatIsNoneIsSetAside() throws {
    try damage()
    let keeper = keeper()
    #expect(try !see(keeper, "v"))
    #expect(try see(keeper, "v"))
    #expect(try Data(contentsOf: URL(filePath: keeper.setAsidePath)).first == 65)
    let line = try #require(notes.lines.first)
    #expect(notes.lines.count == 1 && line.contains("damaged") && line.contains("all is new"))
  }

  @Test func damageThatShowsLaterIsSetAsideToo() throws {
    let keeper = keeper()
    #expect(try !see(keeper, "v"))
    try folder.open().run("UPDATE record SET value = 'x'")
    #expect(try !see(keeper, "v"))
    #expect(try see(keeper, "v"))
    #expect(notes.lines.count == 1)
  }

  /// Another process has mended it: the file that lies there now is good, and stays.
  @Test func whatSomebodyElseMendedIsUsed() throws {
    let (first, second) = (keeper(), keeper())
    #expect(try !see(first, "v"))
    #expect(try !see(second, "w"))
    try folder.open().run("UPDATE record SET value = 'x'")
    #expect(try !see(first, "v"))
    #expect(try see(second, "v"))
    #expect(notes.lines.count == 1)
  }

  @Test func damageAgainAtOnceIsAFailure() throws {
    let keeper = keeper()
    #expect(try !see(keeper, "v"))
    let breaking = "UPDATE record SET value = 'x'"
    try folder.open().run(breaking)
    #expect(try !see(keeper, "v"))
    notes.wait(MemoryKeeper.setAsideAgainSeconds - 1)
    try folder.open().run(breaking)
    #expect(throws: Record.damaged) { try see(keeper, "v") }
    // Until it may be tried again nobody opens it.
    #expect(throws: Record.damaged) { try see(keeper, "w") }
    notes.wait(MemoryKeeper.openAgainSeconds)
    #expect(try !see(keeper, "v"))
    #expect(notes.lines.count == 4)
  }

  @Test func whatCannotBeOpenedIsTriedAgainLater() throws {
    let path = folder.path + "/later/memory.db"
    let keeper = keeper(path)
    func failure() -> MemoryFailure? {
      do throws(MemoryFailure) {
        _ = try see(keeper, "v")
        return nil
      } catch {
        return error
      }
    }
    let first = failure()
    guard case .denied = first else {
      Issue.record("\(String(describing: first))")
      return
    }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/later", withIntermediateDirectories: false)
    notes.wait(MemoryKeeper.openAgainSeconds - 1)
    #expect(failure() == first)
    notes.wait(1)
    #expect(failure() == nil)
    #expect(notes.lines.count == 2)
  }

  @Test func aNewerVersionStays() throws {
    try folder.open().run("PRAGMA user_version = \(RecordSchema.steps.count + 1)")
    let keeper = keeper()
    #expect(throws: MemoryFailure.self) { try keeper.prepare() }
    #expect(try !folder.files().contains { $0.hasSuffix(".damaged") })
  }
}
