// The file of records: bounds at the limit and one past it, upkeep, damage, many at once.

import Dispatch
import Foundation
import GRDB
import Testing

@testable import PolicyMemory

struct RecordFileTests {
  private static let seconds = 100 as Int64

  private static func see(_ file: RecordFile, _ value: String, at time: Int64) throws -> Bool {
    try DuplicateMemory(file).isDuplicate(
      DuplicateQuestion(uniqueID: value, seconds: seconds), nowSeconds: time)
  }

  // MARK: Bounds

  @Test func theOldestMakesRoom() throws {
    let file = try MemoryFolder().open { $0.duplicatesMax = 3 }
    for value in 0..<3 { #expect(try !Self.see(file, "\(value)", at: now + Int64(value))) }
    #expect(try file.count(.duplicate) == 3)
    #expect(try Self.see(file, "0", at: now + 3))
    #expect(try !Self.see(file, "3", at: now + 3))
    #expect(try file.count(.duplicate) == 3)
    #expect(try Self.see(file, "1", at: now + 4))
    #expect(try Self.see(file, "3", at: now + 4))
    #expect(try !Self.see(file, "0", at: now + 4))
    #expect(try file.totals().first { $0.kind == .duplicate }?.pushedOut == 2)
    try file.expectSound()
  }

  @Test func aLowerBoundComesTrueBitByBit() throws {
    let folder = try MemoryFolder()
    let wide = try folder.open()
    for value in 0..<20 { _ = try Self.see(wide, "\(value)", at: now) }
    let narrow = try folder.open {
      $0.duplicatesMax = 4
      $0.roomBatch = 5
    }
    var counts: [Int] = []
    for value in 20..<26 {
      _ = try Self.see(narrow, "\(value)", at: now)
      counts.append(try narrow.count(.duplicate))
    }
    #expect(counts == [16, 12, 8, 4, 4, 4])
  }

  /// A flood of new triples pushes out new triples only, and one that waits gets its turn as long
  /// as fewer than the bound came after it.
  @Test func aFloodDoesNotCostKnownOnesTheirPlace() throws {
    let file = try MemoryFolder().open {
      $0.waitingMax = 5
      $0.knownMax = 1
    }
    let greylist = Greylist(file)
    func ask(_ sender: String, _ time: Int64) throws -> GreylistDecision.Reason {
      let question = GreylistQuestion(client: "192.0.2.1", sender: sender, recipient: "b")
      return try greylist.decide(question, nowSeconds: now + time).reason
    }
    #expect(try ask("friend", 0) == .new)
    #expect(try ask("friend", 300) == .cameBack)
    #expect(try ask("slow", 301) == .new)
    for number in 0..<4 { #expect(try ask("flood-\(number)", 302) == .new) }
    #expect(try ask("slow", 302) == .early)
    #expect(try ask("flood-4", 303) == .new)
    #expect(try ask("slow", 303) == .new)
    #expect(try ask("friend", 304) == .known)
    #expect(try file.count(.waiting) == 5)
    #expect(try ask("flood-3", 602) == .cameBack)
    #expect(try file.count(.known) == 1)
    #expect(try ask("friend", 603) == .new)
  }

  @Test func keys() {
    let most = String(repeating: "k", count: RecordKey.textBytesMax - 1)
    #expect(RecordKey(.rate, [most]).text == "=" + most)
    let digest = RecordKey(.rate, [most + "k"]).text
    #expect(digest.hasPrefix("#") && digest.utf8.count == 65)
    #expect(RecordKey(.rate, ["\0"]).text.hasPrefix("#"))
    let lists = [
      ["a", "b"], ["a\tb"], ["ab", ""], ["", "ab"], ["ab"], ["#"], ["a\0b"], ["a\0", "b"],
      ["a", "\0b"], ["1:a"], ["é"], ["e\u{301}"],
    ]
    #expect(Set(lists.map { Array(RecordKey(.rate, $0).text.utf8) }).count == lists.count)
  }

  // MARK: Upkeep

  @Test func upkeepInSteps() throws {
    let file = try MemoryFolder().open { $0.expireBatch = 2 }
    for value in 0..<7 { _ = try Self.see(file, "\(value)", at: now + Int64(value)) }
    let end = now + Self.seconds
    #expect(try file.expire(nowSeconds: end - 1) == MemoryExpiry(records: 0, isDone: true))
    #expect(try file.expire(nowSeconds: end) == MemoryExpiry(records: 1, isDone: true))
    // The kinds before take a step each to see that there is nothing.
    let stepsBefore = RecordKind.duplicate.rawValue - 1
    let cut = try file.expire(nowSeconds: end + 5, stepsMax: stepsBefore + 1)
    #expect(cut == MemoryExpiry(records: 2, isDone: false))
    #expect(try file.expire(nowSeconds: end + 5) == MemoryExpiry(records: 3, isDone: true))
    #expect(try file.count(.duplicate) == 1)
    try file.expectSound()
  }

  // MARK: The file

  @Test func settings() throws {
    let file = try MemoryFolder().open()
    let (mode, level) = try file.index.read { database in
      (
        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(database, sql: "PRAGMA synchronous")
      )
    }
    #expect(mode == "wal")
    #expect(level == 1)
  }

  @Test func whatIsKeptOutlastsTheProcess() throws {
    let folder = try MemoryFolder()
    #expect(try !Self.see(folder.open(), "v", at: now))
    #expect(try Self.see(folder.open(), "v", at: now + 1))
  }

  private static func failure(_ body: () throws(MemoryFailure) -> Void) -> String {
    do throws(MemoryFailure) {
      try body()
      return "none"
    } catch {
      return switch error {
      case .full: "full"
      case .busy: "busy"
      case .denied: "denied"
      case .damaged: "damaged"
      case .broken: "broken"
      case .unreachable: "unreachable"
      }
    }
  }

  @Test func noFolder() throws {
    let path = try MemoryFolder().path + "/none/memory.db"
    #expect(Self.failure { () throws(MemoryFailure) in _ = try RecordFile(path: path) } == "denied")
  }

  @Test func noDatabase() throws {
    let folder = try MemoryFolder()
    try Data(repeating: 65, count: 8_192).write(to: URL(filePath: folder.file))
    let path = folder.file
    #expect(
      Self.failure { () throws(MemoryFailure) in _ = try RecordFile(path: path) } == "damaged")
  }

  /// Every page but the first is overwritten: whatever is asked is an answer or a typed failure.
  @Test func damagedPages() throws {
    let folder = try MemoryFolder()
    let file = try folder.open()
    for value in 0..<300 { _ = try Self.see(file, "value-\(value)", at: now) }
    try file.index.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try file.index.close()
    var bytes = try Data(contentsOf: URL(filePath: folder.file))
    for index in 4_096..<bytes.count { bytes[index] = 0xa5 }
    try bytes.write(to: URL(filePath: folder.file))
    let damaged = try folder.open()
    let failure = Self.failure { () throws(MemoryFailure) in
      _ = try DuplicateMemory(damaged).isDuplicate(
        DuplicateQuestion(uniqueID: "value-1"), nowSeconds: now)
    }
    #expect(failure == "damaged")
    #expect(
      Self.failure { () throws(MemoryFailure) in _ = try damaged.expire(nowSeconds: now) }
        == "damaged")
  }

  @Test(
    arguments: [
      "UPDATE record SET value = 'x'", "UPDATE record SET value = '-1'",
      "UPDATE record SET value = ''", "UPDATE record SET value = '1 2 3'",
      "UPDATE record SET value = '9223372036854775807'", "DELETE FROM total",
      "UPDATE record SET value = '\(String(repeating: "1 ", count: 200))'",
      "DROP TABLE record",
    ])
  func damagedRecords(sql: String) throws {
    let file = try MemoryFolder().open()
    let question = DuplicateQuestion(uniqueID: "v")
    let rate = RateParameters(limit: 1, windowSeconds: 60)
    _ = try DuplicateMemory(file).isDuplicate(question, nowSeconds: now)
    _ = try RateCounter(file).count(key: "k", rate, nowSeconds: now)
    try file.run(sql)
    let other = DuplicateQuestion(uniqueID: sql.hasPrefix("DELETE") ? "w" : "v")
    let failure = Self.failure { () throws(MemoryFailure) in
      _ = try DuplicateMemory(file).isDuplicate(other, nowSeconds: now)
    }
    let expected = sql.hasPrefix("DROP") ? "broken" : "damaged"
    #expect(failure == expected)
    // A rate's record has one number and pairs: '1 2 3' could be one.
    if sql.contains("1 2 3") { return }
    let key = sql.hasPrefix("DELETE") ? "l" : "k"
    let second = Self.failure { () throws(MemoryFailure) in
      _ = try RateCounter(file).count(key: key, rate, nowSeconds: now)
    }
    #expect(second == expected)
  }

  @Test func aNewerVersionIsLeftAlone() throws {
    let folder = try MemoryFolder()
    try folder.open().run("PRAGMA user_version = \(RecordSchema.steps.count + 1)")
    let path = folder.file
    #expect(Self.failure { () throws(MemoryFailure) in _ = try RecordFile(path: path) } == "broken")
  }

  /// Somebody holds the lock: typed, temporary, and nothing was written.
  @Test func locked() throws {
    let folder = try MemoryFolder()
    let file = try folder.open { $0.lockWaitSeconds = 0 }
    let other = try folder.open()
    try other.index.inTransaction(.immediate) { _ in
      let failure = Self.failure { () throws(MemoryFailure) in
        _ = try RateCounter(file).count(
          key: "k", RateParameters(limit: 1, windowSeconds: 60), nowSeconds: now)
      }
      #expect(failure == "busy")
      // Who only looks is not held up.
      let question = DuplicateQuestion(uniqueID: "v")
      let isSeen = try DuplicateMemory(file).isDuplicate(question, nowSeconds: now, isDry: true)
      #expect(!isSeen)
      return .commit
    }
    #expect(try file.dump() == [])
  }

  // MARK: At once

  /// Eight threads, half of them with a file of their own as processes have: none is lost, none
  /// counts twice.
  @Test func manyAtOnce() throws {
    let folder = try MemoryFolder()
    let shared = try folder.open()
    try MemoryRace.run { thread in thread.isMultiple(of: 2) ? shared : try folder.open() }
    try shared.expectSound()
  }
}
