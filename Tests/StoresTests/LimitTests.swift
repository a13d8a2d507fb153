// Quotas at the limit and one past it, a full disk, a damaged index: a typed failure, nothing half.

import Foundation
import RuleBytecode
import Testing

@testable import Stores

struct LimitTests {
  private static func limits(_ set: (inout QuarantineLimits) -> Void) -> QuarantineLimits {
    var limits = QuarantineLimits()
    set(&limits)
    return limits
  }

  @Test func bytes() throws {
    let folder = try TestFolder()
    let store = try folder.store(Self.limits { $0.bytesMax = 100 })
    _ = try store.keep(Sample.order("s-1"), content: Sample.message(1, bytes: 60))
    _ = try store.keep(Sample.order("s-2"), content: Sample.message(2, bytes: 40))
    #expect(throws: StoreFailure.quota("100 of 100 bytes")) {
      try store.keep(Sample.order("s-3"), content: Sample.message(3, bytes: 1))
    }
    #expect(folder.contents.count == 2)
    // What is there already takes no room.
    let other = Sample.envelope("z@example.net")
    #expect(try store.keep(Sample.order("s-4", other), content: Sample.message(1, bytes: 60)).isNew)
    try store.delete(["s-2"], by: Sample.actor, nowSeconds: Sample.now)
    _ = try store.keep(Sample.order("s-3"), content: Sample.message(3, bytes: 40))
    #expect(try store.check(nowSeconds: Sample.now).faults == [])
  }

  @Test func entries() throws {
    let folder = try TestFolder()
    let store = try folder.store(Self.limits { $0.entriesMax = 2 })
    _ = try store.keep(Sample.order("s-1"), content: Sample.message(1))
    _ = try store.keep(Sample.order("s-2"), content: Sample.message(2))
    #expect(throws: StoreFailure.quota("2 entries")) {
      try store.keep(Sample.order("s-3"), content: Sample.message(3))
    }
    // A deleted entry is a record, it counts no more.
    try store.delete(["s-1"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(try store.keep(Sample.order("s-3"), content: Sample.message(3)).isNew)
  }

  /// What is over its time does not keep mail out.
  @Test func expiredEntriesMakeRoom() throws {
    let folder = try TestFolder()
    let store = try folder.store(Self.limits { $0.entriesMax = 1 })
    var old = Sample.order("s-1")
    old.expiresSeconds = Sample.now + 10
    _ = try store.keep(old, content: Sample.message(1))
    #expect(throws: StoreFailure.self) {
      try store.keep(Sample.order("s-2", at: Sample.now + 9), content: Sample.message(2))
    }
    #expect(
      try store.keep(Sample.order("s-2", at: Sample.now + 10), content: Sample.message(2)).isNew)
    #expect(try store.entry("s-1") == nil)
  }

  @Test func freeSpace() throws {
    let folder = try TestFolder()
    let store = try folder.store(Self.limits { $0.freeSpaceFactor = .max / 2 })
    do throws(StoreFailure) {
      _ = try store.keep(Sample.order("s-1"), content: Sample.message())
      Issue.record("no disk has that much room")
    } catch {
      if case .full = error {} else { Issue.record("\(error)") }
      #expect(error.isTemporary)
    }
    #expect(folder.contents == [])
    #expect(throws: StoreFailure.self) {
      let links = LinkStore(StoreFolder("\(folder.path)/links"), freeSpaceFactor: .max / 2)
      _ = try links.put(LinkTests.order("a.pdf"))
    }
  }

  /// A file may not grow past a bound in this process: writing fails in the midst of the content.
  @Test func aFullDiskLeavesNothing() async throws {
    let folder = try TestFolder()
    _ = try folder.store().keep(Sample.order("s-1"), content: Sample.message())
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      let store = try QuarantineStore(directory: "\(path)/quarantine")
      let links = LinkStore(StoreFolder("\(path)/links"))
      let copies = CopyStore(StoreFolder("\(path)/copies"))
      TestDoor.limitFiles(bytes: 4_096)
      let large = Sample.message(2, bytes: 100_000)
      let attempts: [() throws -> Void] = [
        { _ = try store.keep(Sample.order("s-2"), content: large) },
        { _ = try links.put(LinkTests.order("a.pdf", large)) },
        { _ = try copies.put(CopyTests.order("c-1", large)) },
      ]
      for attempt in attempts {
        do {
          try attempt()
          TestDoor.end(2)
        } catch StoreFailure.full {
          continue
        }
      }
    }
    #expect(folder.contents.count == 1)
    #expect(!folder.files.contains { $0.contains(".new-") || $0.hasSuffix(".eml") })
    let store = try folder.store()
    #expect(try store.entries().map(\.id) == ["s-1"])
    #expect(try store.check(nowSeconds: Sample.now).faults == [])
    #expect(try store.keep(Sample.order("s-2"), content: Sample.message(2, bytes: 100_000)).isNew)
  }

  /// A file system that is full in truth, the index's too.
  @Test(.enabled(if: TestDoor.isRoot))
  func aFullFileSystemLeavesNothing() async throws {
    let folder = try TestFolder()
    defer { TestDoor.unmount(folder.path) }
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      guard TestDoor.mountSmall(path, bytes: 1 << 20) else { return }
      var limits = QuarantineLimits()
      limits.freeSpaceFactor = 0
      let store = try QuarantineStore(directory: "\(path)/quarantine", limits: limits)
      var kept = 0
      do throws(StoreFailure) {
        while kept < 1_000 {
          let content = Sample.message(kept, bytes: 10_000)
          _ = try store.keep(Sample.order("s-\(kept)"), content: content)
          kept += 1
        }
        TestDoor.end(2)
      } catch {
        guard case .full = error else { TestDoor.end(3) }
      }
      let ids = try store.entries().map(\.id)
      let faults = try store.check(nowSeconds: Sample.now).faults
      guard kept > 10, ids.count == kept, faults == [] else { TestDoor.end(4) }
      for id in ids where try store.content(of: id).count != 10_000 { TestDoor.end(5) }
    }
  }

  // MARK: Damage

  @Test(arguments: ["index.db is no database", "pages are overwritten"])
  func aDamagedIndexSaysSo(how: String) throws {
    let folder = try TestFolder()
    do {
      let store = try folder.store()
      for number in 0..<50 {
        _ = try store.keep(Sample.order("s-\(number)"), content: Sample.message(number))
      }
      try store.checkpoint()
    }
    let index = "quarantine/index.db"
    var bytes = try folder.bytes(index)
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(folder.path)/\(index)\(suffix)")
    }
    let start = how.hasPrefix("pages") ? 4_096 : 0
    for place in start..<bytes.count { bytes[place] = 0x58 }
    try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(index)"))
    do throws(StoreFailure) {
      _ = try QuarantineStore(directory: "\(folder.path)/quarantine")
        .keep(Sample.order("s-99"), content: Sample.message(99))
      Issue.record("it was kept in a damaged index")
    } catch {
      #expect(error.message.contains("index is damaged"), "\(error)")
      #expect(!error.isTemporary)
    }
  }

  @Test func aNewerIndexIsLeftAlone() throws {
    let folder = try TestFolder()
    do { try folder.store().setVersion(99) }
    do throws(StoreFailure) {
      _ = try QuarantineStore(directory: "\(folder.path)/quarantine")
      Issue.record("an index of the future was opened")
    } catch {
      #expect(error.message.contains("version 99"))
    }
  }

  /// docs/STORES.md states the bounds as they are.
  @Test func theManualNamesTheBounds() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/STORES.md")
    let manual = try String(contentsOf: file, encoding: .utf8)
    let limits = QuarantineLimits()
    #expect(limits.entriesMax == 1_000_000 && limits.freeSpaceFactor == 2)
    #expect(limits.textBytesMax == 4_096 && limits.sweepAgeSeconds == 3_600)
    for row in [
      "| bytes of all contents | \(limits.bytesMax >> 30) GiB |", "| entries | 1,000,000 |",
      "| free on the file system | twice the size of what is stored |",
      "| an entry is kept | \(limits.keepSeconds / 86_400) days |",
      "| the record of who did what | \(limits.auditSeconds / 86_400) days |",
      "| subject, reason, names, each | 4,096 bytes |",
    ] {
      #expect(manual.contains(row), "\(row)")
    }
  }

  @Test func lossOfPowerTakesNoEntry() throws {
    let folder = try TestFolder()
    #expect(try folder.store().settings() == ["wal", "2"])
  }

  @Test func aFolderOfEverybodyIsRefused() throws {
    let folder = try TestFolder()
    let path = "\(folder.path)/quarantine"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
    #expect(throws: StoreFailure.denied("\(path) can be written by everybody")) {
      try QuarantineStore(directory: path)
    }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/tmp")
    #expect(throws: StoreFailure.broken("\(path) is no folder")) {
      try QuarantineStore(directory: path)
    }
  }
}
