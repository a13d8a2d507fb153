// Files behind links and copies of messages.

import Foundation
import RuleBytecode
import Testing

@testable import Stores

struct LinkTests {
  static let digest = String(repeating: "0123456789abcdef", count: 4)
  static let now = Int64(Date().timeIntervalSince1970)

  static func order(_ name: String, _ content: [UInt8] = [1, 2, 3]) throws -> LinkOrder {
    let place = try #require(LinkPlace(digest: digest, name: name))
    var order = LinkOrder(place: place, content: content, dateSeconds: Sample.now)
    order.originalName = "../\"a\u{1B}.pdf"
    order.type = "application/pdf"
    order.sender = "a@example.net"
    return order
  }

  private static func store(_ folder: TestFolder, mode: UInt32 = 0o644) -> LinkStore {
    LinkStore(StoreFolder("\(folder.path)/links", mode: mode, expireSeconds: 86_400))
  }

  @Test func aFileLiesWhereItsLinkSays() throws {
    let folder = try TestFolder()
    let link = "https://files.example.com/x/\(Self.digest)/a%20%C3%A4%25.pdf"
    let place = try #require(LinkPlace(ofLink: link))
    #expect(place.digest == Self.digest && place.name == "a ä%.pdf")
    let stored = try Self.store(folder).put(try Self.order(place.name))
    #expect(stored.isNew && stored.path == "\(folder.path)/links/\(Self.digest)/a ä%.pdf")
    let below = "links/\(Self.digest)"
    #expect(try folder.bytes("\(below)/a ä%.pdf") == [1, 2, 3])
    #expect(try folder.mode("\(below)/a ä%.pdf") == 0o644)
    #expect(try folder.mode(below) == 0o755)
    let sidecar = try JSONSerialization.jsonObject(
      with: Data(try folder.bytes("\(below)/.a ä%.pdf.json")))
    let facts = try #require(sidecar as? [String: any Sendable])
    #expect(facts["name"] as? String == "../\"a\u{1B}.pdf")
    #expect(facts["type"] as? String == "application/pdf" && facts["size"] as? Int == 3)
    #expect(facts["sender"] as? String == "a@example.net")
    #expect(facts["date"] as? String == "2026-05-28T20:26:40Z")
  }

  @Test(arguments: [
    "", "x", "https://e.com/a/b.pdf", "/\(digest)/", "/\(digest)/.a", "/\(digest)/..",
    "/\(digest)/a%2Fb", "/\(digest)/a%00", "/\(digest)/a%0A", "/\(digest)/%2e%2e", "/\(digest)/%",
    "/\(digest)/%4", "/\(digest)/%+4", "/\(digest)/%FF", "/\(digest.uppercased())/a",
    "/\(digest)x/a", "/\(digest)/\(String(repeating: "a", count: 241))",
  ])
  func whatIsNoPlaceIsNone(link: String) {
    #expect(LinkPlace(ofLink: link) == nil)
  }

  @Test func theSameContentIsStoredOnce() throws {
    let folder = try TestFolder()
    let store = Self.store(folder)
    let first = try store.put(try Self.order("a.pdf"))
    try folder.setTime(Sample.now, of: "links/\(Self.digest)/a.pdf")
    let again = try store.put(try Self.order("a.pdf"))
    #expect(first.isNew && !again.isNew && again.path == first.path)
    // Its last use is now: it stays for its whole time.
    #expect(try store.folder.expire(nowSeconds: Self.now + 80_000) == ExpiryReport())
    let second = try store.put(try Self.order("b.pdf"))
    #expect(second.isNew)
    let numbers = try ["a.pdf", "b.pdf"].map { name in
      try FileManager.default.attributesOfItem(
        atPath: "\(folder.path)/links/\(Self.digest)/\(name)")[.systemFileNumber] as? Int
    }
    #expect(numbers[0] != nil && numbers[0] == numbers[1])
    // A damaged file is no such content.
    try folder.write("xyz", to: "links/\(Self.digest)/a.pdf")
    #expect(try store.put(try Self.order("a.pdf")).isNew)
    #expect(try folder.bytes("links/\(Self.digest)/a.pdf") == [1, 2, 3])
  }

  @Test func filesGoAfterTheirLastUse() throws {
    let folder = try TestFolder()
    let store = Self.store(folder)
    _ = try store.put(try Self.order("new-a.pdf"))
    let file = "links/\(Self.digest)/new-a.pdf"
    try folder.setTime(Sample.now, of: file)
    try folder.setTime(Sample.now, of: "links/\(Self.digest)/.new-a.pdf.json")
    #expect(try store.folder.expire(nowSeconds: Sample.now + 86_400) == ExpiryReport())
    #expect(folder.files.contains(file))
    var gone = ExpiryReport()
    gone.entries = 1
    #expect(try store.folder.expire(nowSeconds: Sample.now + 86_401) == gone)
    #expect(folder.files == ["links/.defang-store"])
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/links")
    #expect(left == [".defang-store"])
  }

  @Test func leftOversAreSwept() throws {
    let folder = try TestFolder()
    let store = Self.store(folder)
    _ = try store.put(try Self.order("a.pdf"))
    let below = "links/\(Self.digest)"
    for name in [".new-0123", ".lost.pdf.json"] {
      try folder.write("x", to: "\(below)/\(name)")
      try folder.setTime(Self.now - 3_700, of: "\(below)/\(name)")
    }
    try folder.write("x", to: "\(below)/.new-young")
    try folder.write("not ours", to: "links/readme.txt")
    var report = ExpiryReport()
    report.files = 2
    #expect(try store.folder.expire(nowSeconds: Self.now) == report)
    #expect(
      folder.files
        == [
          "links/.defang-store", "\(below)/.a.pdf.json", "\(below)/.new-young", "\(below)/a.pdf",
          "links/readme.txt",
        ].sorted())
  }

  @Test func upkeepTouchesOnlyStores() throws {
    let folder = try TestFolder()
    #expect(try StoreFolder(folder.path).expire(nowSeconds: Self.now) == ExpiryReport())
    try folder.write("precious", to: "a.eml")
    #expect(throws: StoreFailure.self) {
      try StoreFolder(folder.path).expire(nowSeconds: Self.now + 1_000_000, ageSeconds: 60)
    }
    #expect(folder.files == ["a.eml"])
  }
}

struct CopyTests {
  static func order(_ id: String, _ content: [UInt8] = Sample.message()) -> CopyOrder {
    var envelope = Sample.envelope("", ["b@example.com", "c@example.com"])
    envelope.clientIP = "192.0.2.1"
    return CopyOrder(
      id: id, content: content, envelope: envelope, rule: "journal", dateSeconds: Sample.now)
  }

  @Test func copiesLieByDay() throws {
    let folder = try TestFolder()
    let store = CopyStore(StoreFolder("\(folder.path)/copies", expireSeconds: 60))
    #expect(try store.put(Self.order("s-1")).isNew)
    #expect(try !store.put(Self.order("s-1")).isNew)
    let below = "copies/2026/05/28"
    #expect(folder.files == ["copies/.defang-store", "\(below)/s-1.eml", "\(below)/s-1.json"])
    #expect(try folder.bytes("\(below)/s-1.eml") == Sample.message())
    #expect(try folder.mode("\(below)/s-1.eml") == 0o640)
    #expect(try folder.mode("copies/2026") == 0o750)
    let facts = try folder.text("\(below)/s-1.json")
    #expect(
      facts.hasPrefix(
        #"{"date":"2026-05-28T20:26:40Z","sender":"","#
          + #""recipients":["b@example.com","c@example.com"],"client_ip":"192.0.2.1","#))
    #expect(throws: StoreFailure.self) { try store.put(Self.order("s-1", [1])) }
    #expect(throws: StoreFailure.self) { try store.put(Self.order("../s")) }
  }

  @Test func oldCopiesGoWithTheirFolders() throws {
    let folder = try TestFolder()
    let store = CopyStore(StoreFolder("\(folder.path)/copies", expireSeconds: 60))
    for name in ["s-1", "s-2"] { _ = try store.put(Self.order(name)) }
    for name in ["s-1", "s-2"] {
      try folder.setTime(
        Sample.now + (name == "s-1" ? 0 : 100), of: "copies/2026/05/28/\(name).eml")
    }
    var one = ExpiryReport()
    one.entries = 1
    #expect(try store.folder.expire(nowSeconds: Sample.now + 61) == one)
    #expect(folder.files.suffix(2) == ["copies/2026/05/28/s-2.eml", "copies/2026/05/28/s-2.json"])
    #expect(try store.folder.expire(nowSeconds: Sample.now + 161) == one)
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/copies")
    #expect(left == [".defang-store"])
  }
}
