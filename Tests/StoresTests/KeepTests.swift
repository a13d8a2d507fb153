// Keeping mail: what was put in comes out, once.

import RuleBytecode
import Testing

@testable import Stores

struct KeepTests {
  private static let part = HeldPart(path: "1.2", name: "a\u{1B}b.docm", type: "application/x")

  @Test func whatIsKeptCanBeRead() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    var order = Sample.order("s-1", Sample.envelope("", ["b@example.com", "a@example.com"]))
    order.envelope.clientIP = "192.0.2.1"
    order.envelope.clientName = "client.example"
    order.envelope.helo = "helo.example"
    order.envelope.authUser = "ann"
    order.envelope.queueID = "4Q"
    order.envelope.sessionID = "s"
    order.subject = "Grüße"
    order.messageID = "<1@example.net>"
    let kept = try store.keep(order, content: Sample.message())
    #expect(kept == KeptEntry(id: "s-1", isNew: true))
    let entry = try #require(try folder.store().entry("s-1"))
    #expect(entry.envelope == order.envelope)
    #expect(entry.state == .held && entry.kind == .message && entry.part == nil)
    #expect(entry.reason == "macros" && entry.rule == "office" && entry.policy == "00ff")
    #expect(entry.subject == "Grüße" && entry.messageID == "<1@example.net>")
    #expect(entry.receivedSeconds == Sample.now && entry.size == Sample.message().count)
    #expect(entry.expiresSeconds == Sample.now + QuarantineLimits().keepSeconds)
    #expect(entry.digest == SHA256.digest(of: Sample.message()).hex)
    #expect(try store.content(of: "s-1") == Sample.message())
    let name = "quarantine/content/\(entry.digest.prefix(2))/\(entry.digest)"
    #expect(folder.contents == [name])
    #expect(try folder.mode(name) == 0o640)
  }

  @Test func aPartIsAnEntryOfItsOwn() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    let id = QuarantineID.ofPart("1.2", in: "s-1")
    _ = try store.keep(Sample.order("s-1"), content: Sample.message(1))
    _ = try store.keep(Sample.order(id, part: Self.part), content: [1, 2, 3])
    let entry = try #require(try store.entry(id))
    #expect(entry.kind == .part && entry.part == Self.part)
    #expect(try store.totals() == (2, 43))
  }

  @Test func theSameIDIsKeptOnce() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    _ = try store.keep(Sample.order("s-1"), content: Sample.message())
    let again = try store.keep(Sample.order("s-1"), content: Sample.message())
    #expect(again == KeptEntry(id: "s-1", isNew: false))
    #expect(throws: StoreFailure.conflict("the id 's-1' is another entry's")) {
      try store.keep(Sample.order("s-1"), content: Sample.message(2))
    }
    #expect(try store.entries().count == 1)
    // What was deleted is not taken for kept.
    try store.delete(["s-1"], by: Sample.actor, nowSeconds: Sample.now)
    #expect(throws: StoreFailure.conflict("the id 's-1' is another entry's")) {
      try store.keep(Sample.order("s-1"), content: Sample.message())
    }
    #expect(try store.keep(Sample.order("s-2"), content: Sample.message()).isNew)
  }

  /// At the border of `retrySeconds` and behind it; for another envelope it is another mail.
  @Test(arguments: [
    (3_600 as Int64, ["b@example.com", "c@example.com"], false), (3_601, ["c@example.com"], true),
    (0, ["c@example.com"], true), (-3_600, ["b@example.com", "c@example.com"], false),
    (3_601, ["b@example.com", "c@example.com"], true),
  ])
  func aRetryFindsItsCopy(later: Int64, recipients: [String], isNew: Bool) throws {
    let folder = try TestFolder()
    let store = try folder.store()
    let first = Sample.envelope("a@example.net", ["c@example.com", "b@example.com"])
    _ = try store.keep(Sample.order("s-1", first), content: Sample.message())
    let envelope = Sample.envelope("a@example.net", recipients)
    let kept = try store.keep(
      Sample.order("s-2", envelope, at: Sample.now + later), content: Sample.message())
    #expect(kept == KeptEntry(id: isNew ? "s-2" : "s-1", isNew: isNew))
    // Rules may have named it already.
    #expect(try store.entry("s-2")?.id == kept.id)
    #expect(try store.content(of: "s-2") == Sample.message())
    #expect(folder.contents.count == 1)
    let audit = try store.audit(of: "s-2")
    #expect(audit.map(\.action) == (isNew ? [] : [.heldAgain]))
    #expect(audit.map(\.result) == (isNew ? [] : ["s-2"]))
  }

  @Test func anotherPartWithTheSameContentIsNoRetry() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    for path in ["1.1", "1.2"] {
      let part = HeldPart(path: path, name: "x", type: "text/plain")
      let kept = try store.keep(
        Sample.order(QuarantineID.ofPart(path, in: "s"), part: part), content: [1])
      #expect(kept.isNew)
    }
    #expect(try store.totals() == (2, 1))
  }

  @Test(arguments: ["", ".a", "-a", "a/b", "a b", "ä", "a\0", "../x"])
  func idsAreFileNames(id: String) throws {
    let folder = try TestFolder()
    let store = try folder.store()
    #expect(throws: StoreFailure.self) { try store.keep(Sample.order(id), content: [1]) }
    #expect(folder.contents == [])
  }

  @Test func idsHaveABound() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    let longest = String(repeating: "a", count: QuarantineID.bytesMax)
    #expect(try store.keep(Sample.order(longest), content: [1]).isNew)
    #expect(throws: StoreFailure.self) {
      try store.keep(Sample.order(longest + "a"), content: [2])
    }
  }

  @Test func madeIDsSortByTimeAndDiffer() {
    let first = QuarantineID.make(nowSeconds: Sample.now)
    let second = QuarantineID.make(nowSeconds: Sample.now + 1)
    #expect(QuarantineID.isValid(first) && first < second)
    #expect(first.hasPrefix("20260528T202640Z-"))
    let many = Set((0..<100).map { _ in QuarantineID.make(nowSeconds: Sample.now) })
    #expect(many.count == 100)
  }

  /// Text of mail is data: NUL and quotes are neither cut nor run; length has a bound.
  @Test func textIsOnlyText() throws {
    var limits = QuarantineLimits()
    limits.textBytesMax = 12
    let folder = try TestFolder()
    let store = try folder.store(limits)
    var order = Sample.order("s-1", Sample.envelope("a'; DROP TABLE entry; --", ["\"x\"@b.c"]))
    order.subject = "aaaaaaaaaaaä"
    order.reason = "123456789012"
    order.messageID = "a\0b"
    _ = try store.keep(order, content: [1])
    let entry = try #require(try store.entry("s-1"))
    #expect(entry.subject == "aaaaaaaaaaa" && entry.reason == "123456789012")
    #expect(entry.messageID == "a\u{FFFD}b" && entry.envelope.sender == "a'; DROP TAB")
    #expect(entry.envelope.recipients == ["\"x\"@b.c"])
  }

  @Test func aDamagedFileIsReplacedByTheSameContent() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    _ = try store.keep(Sample.order("s-1"), content: Sample.message())
    let name = try #require(folder.contents.first)
    try folder.write(String(repeating: "x", count: Sample.message().count), to: name)
    #expect(throws: StoreFailure.self) { try store.content(of: "s-1") }
    let other = Sample.envelope("z@example.net")
    #expect(try store.keep(Sample.order("s-2", other), content: Sample.message()).isNew)
    #expect(try store.content(of: "s-1") == Sample.message())
  }

  @Test func theEmptyContentIsAContent() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    _ = try store.keep(Sample.order("s-1"), content: [])
    #expect(try store.content(of: "s-1") == [])
    #expect(try store.check(nowSeconds: Sample.now).faults == [])
  }
}
