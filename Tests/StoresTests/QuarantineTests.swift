// Listing, releasing, deleting, expiry and the check.

import Foundation
import Testing

@testable import Stores

struct QuarantineTests {
  private static func filled() throws -> (TestFolder, QuarantineStore) {
    let folder = try TestFolder()
    let store = try folder.store()
    let people = ["Ann@Example.net", "bob@example.org", ""]
    for number in 0..<3 {
      var order = Sample.order(
        "s-\(number)",
        Sample.envelope(people[number], ["r\(number)@example.com", "all@b.example"]),
        at: Sample.now + Int64(number) * 100)
      order.reason = "50% of_\(number)"
      order.rule = number == 2 ? "other" : "office"
      if number == 1 { order.part = HeldPart(path: "1", name: "x", type: "t/x") }
      order.isCopy = number > 0
      _ = try store.keep(order, content: Sample.message(number))
    }
    return (folder, store)
  }

  private static let filters: [(String, [String], @Sendable (inout QuarantineFilter) -> Void)] = [
    ("all, newest first", ["s-2", "s-1", "s-0"], { _ in }),
    ("since", ["s-2", "s-1"], { $0.sinceSeconds = Sample.now + 100 }),
    ("until", ["s-0"], { $0.untilSeconds = Sample.now + 100 }),
    ("sender in any case", ["s-0"], { $0.sender = "ann@example.NET" }),
    ("sender's domain", ["s-1"], { $0.sender = "@example.org" }),
    ("no part of a domain", [], { $0.sender = "@example" }),
    ("null sender", ["s-2"], { $0.sender = "" }),
    ("any run", ["s-1", "s-0"], { $0.sender = "*@example.*" }),
    ("recipient", ["s-1"], { $0.recipient = "r1@example.com" }),
    ("each recipient once", ["s-2", "s-1", "s-0"], { $0.recipient = "*" }),
    ("rule", ["s-1", "s-0"], { $0.rule = "office" }),
    ("reason with signs", ["s-1"], { $0.reason = "50% of_1" }),
    ("signs stand for themselves", [], { $0.reason = "5%1" }),
    ("kind", ["s-1"], { $0.kind = .part }), ("messages", ["s-0"], { $0.kind = .message }),
    ("copies", ["s-2"], { $0.kind = .copy }),
    ("id", ["s-2", "s-1", "s-0"], { $0.idPrefix = "s-" }), ("id", ["s-1"], { $0.idPrefix = "s-1" }),
    ("count", ["s-2"], { $0.countMax = 1 }),
    (
      "both", [],
      {
        $0.kind = .part
        $0.rule = "other"
      }
    ),
    ("state", [], { $0.states = [.released] }),
  ]

  @Test(arguments: filters.indices)
  func whatIsAskedForIsFound(number: Int) throws {
    let (name, expected, set) = Self.filters[number]
    let (folder, store) = try Self.filled()
    defer { withExtendedLifetime(folder) {} }
    var filter = QuarantineFilter()
    set(&filter)
    #expect(try store.entries(filter).map(\.id) == expected, "\(name)")
  }

  // MARK: Release

  @Test func aReleaseIsBegunOnce() throws {
    let (folder, store) = try Self.filled()
    let mail = try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now + 1)
    #expect(mail.content == Sample.message(0) && mail.entry.envelope.sender == "Ann@Example.net")
    #expect(try folder.store().entry("s-0")?.state == .releasing)
    #expect(throws: StoreFailure.conflict("the entry 's-0' is being released")) {
      try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now + 2)
    }
    _ = try store.beginRelease("s-0", by: Sample.actor, again: true, nowSeconds: Sample.now + 3)
    try store.finishRelease(
      "s-0", .sent("250 2.0.0 queued as 1"), by: Sample.actor, nowSeconds: Sample.now + 4)
    #expect(throws: StoreFailure.conflict("the entry 's-0' was released before")) {
      try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now + 5)
    }
    let audit = try store.audit(of: "s-0")
    #expect(audit.map(\.action) == [.releaseBegun, .releaseBegun, .released])
    #expect(audit.map(\.result) == ["", "again", "250 2.0.0 queued as 1"])
    #expect(audit.map(\.timeSeconds) == [1, 3, 4].map { Sample.now + $0 })
    #expect(audit.allSatisfy { $0.actor == Sample.actor })
  }

  @Test func aFailedReleaseIsHeldAgain() throws {
    let (folder, store) = try Self.filled()
    defer { withExtendedLifetime(folder) {} }
    _ = try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now)
    try store.finishRelease(
      "s-0", .failed("no route"), by: Sample.actor, nowSeconds: Sample.now)
    #expect(try store.entry("s-0")?.state == .held)
    _ = try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now)
  }

  @Test func whatIsDamagedIsNotReleased() throws {
    let (folder, store) = try Self.filled()
    for name in folder.contents { try folder.write("x", to: name) }
    #expect(throws: StoreFailure.self) {
      try store.beginRelease("s-0", by: Sample.actor, nowSeconds: Sample.now)
    }
    #expect(try store.entry("s-0")?.state == .held)
  }

  // MARK: Deleting

  @Test func deletedContentIsGone() throws {
    let (folder, store) = try Self.filled()
    try store.delete(["s-0", "s-1"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(folder.contents.count == 1)
    #expect(try store.entries().map(\.id) == ["s-2"])
    #expect(try store.entry("s-0")?.state == .deleted)
    #expect(throws: StoreFailure.missing("s-0")) { try store.content(of: "s-0") }
    #expect(throws: StoreFailure.missing("s-0")) {
      try store.beginRelease("s-0", by: Sample.actor, again: true, nowSeconds: Sample.now)
    }
    #expect(try store.audit(of: "s-1").map(\.action) == [.deleted])
    #expect(try store.check(nowSeconds: Sample.now).faults == [])
  }

  @Test func allAreDeletedOrNone() throws {
    let (folder, store) = try Self.filled()
    #expect(throws: StoreFailure.missing("s-9")) {
      try store.delete(["s-0", "s-9"], by: Sample.actor, nowSeconds: Sample.now)
    }
    #expect(try store.entries().count == 3)
    #expect(folder.contents.count == 3)
  }

  @Test func sharedContentStaysForTheOther() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    for number in 0..<2 {
      let envelope = Sample.envelope("\(number)@example.net")
      _ = try store.keep(Sample.order("s-\(number)", envelope), content: Sample.message())
    }
    try store.delete(["s-0"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(try store.content(of: "s-1") == Sample.message())
    try store.delete(["s-1"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(folder.contents == [])
    #expect(try store.totals() == (0, 0))
  }

  // MARK: Upkeep

  @Test func entriesEndAtTheirTime() throws {
    var limits = QuarantineLimits()
    limits.expireBatch = 2
    limits.auditSeconds = 1_000
    let folder = try TestFolder()
    let store = try folder.store(limits)
    for number in 0..<5 {
      var order = Sample.order("s-\(number)")
      order.expiresSeconds = Sample.now + (number == 4 ? 101 : 100)
      _ = try store.keep(order, content: Sample.message(number))
    }
    try store.delete(["s-3"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(try store.expire(nowSeconds: Sample.now + 99) == ExpiryReport())
    var report = ExpiryReport()
    (report.entries, report.files) = (4, 3)
    #expect(try store.expire(nowSeconds: Sample.now + 100) == report)
    #expect(try store.entries().map(\.id) == ["s-4"])
    #expect(folder.contents.count == 1)
    #expect(try store.audit(of: "s-3").map(\.action) == [.deleted, .expired])
    // The record of who did what outlives the entry, for its own time.
    _ = try store.expire(nowSeconds: Sample.now + 1_001)
    #expect(try store.audit(of: "s-3").map(\.action) == [.expired])
  }

  @Test func theCheckFindsWhatIsWrong() throws {
    let (folder, store) = try Self.filled()
    let names = folder.contents
    let digests = try (0..<3).map { try #require(try store.entry("s-\($0)")).digest }
    let missing = try #require(names.first { $0.hasSuffix(digests[0]) })
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(missing)")
    try folder.write("x", to: try #require(names.first { $0.hasSuffix(digests[1]) }))
    let stray = "quarantine/content/00/\(String(repeating: "0", count: 64))"
    let begun = "quarantine/content/00/.new-0123"
    for name in [stray, begun] {
      try folder.write("x", to: name)
      try folder.setTime(Sample.now - 3_601, of: name)
    }
    let report = try store.check(nowSeconds: Sample.now)
    #expect(report.entries == 3 && report.bytes == 120)
    #expect(
      report.faults == [
        .missingContent(id: "s-0"), .damagedContent(id: "s-1"),
        .strayFile(path: "\(folder.path)/\(begun)"), .strayFile(path: "\(folder.path)/\(stray)"),
      ])
    // A writer may still be about to name what is young.
    try folder.setTime(Sample.now - 3_600, of: stray)
    #expect(try store.check(nowSeconds: Sample.now).faults.count == 3)
    try folder.setTime(Sample.now - 3_601, of: stray)
    #expect(try store.expire(nowSeconds: Sample.now).files == 2)
    #expect(try store.check(nowSeconds: Sample.now).faults.count == 2)
  }
}
