// Constant databases, made by another program (tinycdb) and then damaged in many ways.

import Foundation
import Testing

@testable import TableFiles

/// A private folder with what `cdb -c` makes of records.
final class CDBFolder {
  let path: String
  var file: String { "\(path)/table.cdb" }

  init() throws {
    path = NSTemporaryDirectory() + "/cdb-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// By rename, as its users do.
  func make(_ records: [(key: String, value: String)]) throws {
    let lines = records.map { key, value in
      "+\(key.utf8.count),\(value.utf8.count):\(key)->\(value)\n"
    }
    try Data((lines.joined() + "\n").utf8).write(to: URL(filePath: "\(path)/records"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/cdb")
    process.arguments = ["-c", "-t", "\(path)/new", file, "\(path)/records"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: file))) }
}

struct CDBTests {
  private static func text(_ file: CDBFile, _ key: String) throws -> String? {
    try file.value(of: Array(key.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A database in memory.
  private static func reader(_ bytes: [UInt8], _ limits: CDBLimits = CDBLimits()) -> CDBReader {
    CDBReader(path: "t", size: bytes.count, limits: limits) { offset, count in
      Array(bytes[offset..<offset + count])
    }
  }

  @Test func everyKeyAndNoOther() throws {
    let folder = try CDBFolder()
    try folder.make((0..<2_000).map { ("key-\($0)@example.com", "value \($0)") })
    let file = CDBFile(folder.file)
    for number in 0..<2_000 {
      #expect(try Self.text(file, "key-\(number)@example.com") == "value \(number)")
      #expect(try Self.text(file, "key-\(number)@example.org") == nil)
    }
  }

  @Test func oddKeysAndValues() throws {
    let folder = try CDBFolder()
    let long = String(repeating: "k", count: 10_000)
    try folder.make([
      ("", "empty"), ("a", "first"), ("a", "second"), ("nothing", ""), ("mapped\0", "value\0"),
      (long, long), ("line\n->", "+1,1:"),
    ])
    let file = CDBFile(folder.file)
    let expected: [(String, String?)] = [
      ("", "empty"), ("a", "first"), ("nothing", ""), ("mapped", "value"), (long, long),
      ("line\n->", "+1,1:"), ("A", nil), ("b", nil), ("a\0", nil),
    ]
    for (key, value) in expected { #expect(try Self.text(file, key) == value) }
  }

  @Test func noKeys() throws {
    let folder = try CDBFolder()
    try folder.make([])
    #expect(try Self.text(CDBFile(folder.file), "a") == nil)
  }

  @Test func aNewFileIsTakenAtOnce() throws {
    let folder = try CDBFolder()
    let file = CDBFile(folder.file)
    #expect(throws: TableFileFailure.missing(folder.file)) { try Self.text(file, "a") }
    try folder.make([("a", "1")])
    #expect(try Self.text(file, "a") == "1")
    try folder.make([("a", "2"), ("b", "3")])
    #expect(try Self.text(file, "a") == "2")
    // Between two versions the last one holds.
    try FileManager.default.removeItem(atPath: folder.file)
    #expect(try Self.text(file, "b") == "3")
  }

  @Test func noFile() throws {
    let folder = try CDBFolder()
    #expect(throws: TableFileFailure.broken("\(folder.path) is no file")) {
      try Self.text(CDBFile(folder.path), "a")
    }
  }

  @Test func limits() throws {
    let folder = try CDBFolder()
    try folder.make([("at", "12345"), ("past", "123456")])
    var limits = CDBLimits()
    limits.valueBytesMax = 5
    let file = CDBFile(folder.file, limits: limits)
    #expect(try Self.text(file, "at") == "12345")
    #expect(throws: TableFileFailure.tooLong("\(folder.file): a value is longer than 5 bytes")) {
      try Self.text(file, "past")
    }
  }

  /// The same key again and again fills one chain; it is followed so far and no further.
  @Test func chains() throws {
    let folder = try CDBFolder()
    // Keys that differ and have one hash: in the file the records' keys are changed.
    try folder.make((0..<10).map { _ in ("key", "v") })
    var bytes = try folder.bytes()
    for at in 2_048..<bytes.count - 3 where Array(bytes[at..<at + 3]) == Array("key".utf8) {
      bytes[at] = 120
    }
    var limits = CDBLimits()
    limits.slotsMax = 11
    #expect(try Self.reader(bytes, limits).value(of: Array("key".utf8)) == nil)
    limits.slotsMax = 10
    #expect(throws: TableFileFailure.broken("t: more than 10 keys have one hash")) {
      try Self.reader(bytes, limits).value(of: Array("key".utf8))
    }
  }

  /// Cut anywhere, each byte changed: an answer or a typed failure, in bounded time.
  @Test func damage() throws {
    let folder = try CDBFolder()
    try folder.make((0..<8).map { ("k\($0)", "v\($0)") })
    let whole = try folder.bytes()
    var failures = 0
    func ask(_ bytes: [UInt8]) {
      for number in 0..<8 {
        do throws(TableFileFailure) {
          _ = try Self.reader(bytes).value(of: Array("k\(number)".utf8))
        } catch {
          failures += 1
        }
      }
    }
    for count in stride(from: 0, to: whole.count, by: 7) { ask(Array(whole[..<count])) }
    // Without its end no key is found by mistake: all that was cut off fails.
    #expect(failures > 2_000)
    for at in whole.indices {
      for value in [0, 1, 0x7f, 0xff] as [UInt8] {
        var bytes = whole
        bytes[at] = value
        ask(bytes)
      }
    }
  }
}
