// A private folder with a memory for a test, gone with it; random numbers that come again.

import Foundation
import GRDB
import Synchronization
import Testing

@testable import PolicyMemory

final class MemoryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/memory-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var file: String { "\(path)/memory.db" }

  func open(_ set: (inout MemoryLimits) -> Void = { _ in }) throws -> RecordFile {
    var limits = MemoryLimits()
    set(&limits)
    return try RecordFile(path: file, limits: limits)
  }

  func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}

/// A store of records and a look at all that it keeps: what a time line runs on.
struct MemoryBench {
  let records: any RecordStore
  let dump: () throws -> [String]

  init(_ records: any RecordStore, dump: @escaping () throws -> [String]) {
    self.records = records
    self.dump = dump
  }

  init(_ file: RecordFile) { self.init(file) { try file.dump() } }
}

extension RecordFile {
  /// Everything that is kept, as text.
  func dump() throws -> [String] {
    try index.read { database in
      try String.fetchAll(
        database,
        sql: "SELECT kind || ' ' || key || ' ' || ends || ' ' || value FROM record ORDER BY 1")
    }
  }

  func count(_ kind: RecordKind) throws -> Int {
    try totals().first { $0.kind == kind }?.records ?? -1
  }

  /// What the totals say and what is there.
  func expectSound() throws {
    let (counted, faults) = try index.read { database in
      (
        try RecordKind.allCases.map { kind in
          try Int.fetchOne(
            database, sql: "SELECT count(*) FROM record WHERE kind = \(kind.rawValue)") ?? -1
        },
        try String.fetchAll(database, sql: "PRAGMA integrity_check(10)")
      )
    }
    #expect(try totals().map(\.records) == counted)
    #expect(faults == ["ok"])
  }

  func run(_ sql: String) throws {
    try index.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

/// SplitMix64: small, and the same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

let now: Int64 = 1_780_000_000
