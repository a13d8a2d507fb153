// Errands carried out for real: in the quarantine, in stores, in the queue of outgoing mail.

import Foundation
import RuleBytecode
import RuleCompiler
import RuleVM
import Stores
import Submission
import Testing

@testable import Service

/// A folder of a test, gone with it.
private final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/defang-service-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// All files below it, by their paths, with their contents.
  var files: [String: String] {
    var found: [String: String] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      if let data = FileManager.default.contents(atPath: path + "/" + name) {
        found[name] = String(decoding: data, as: UTF8.self)
      }
    }
    return found
  }
}

@Suite struct ErrandRunnerTests {
  private static let message = Array("Subject: s\r\n\r\nbody\r\n".utf8)

  private static func needs(_ source: String) throws -> ProgramNeeds {
    var sources = SourceSet()
    let text = "require \"defang\"; settings :admin \"root@example.com\"; " + source
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    return ProgramNeeds(try #require(Compiler.compile(sources).program))
  }

  /// Nothing listens there: mail stays in the queue.
  private static func state(_ folder: String) throws -> DaemonState {
    let state = DaemonState(
      DaemonState.Settings(
        directory: folder, server: try SMTPServer("127.0.0.1:9"), hostName: "mx.example.com"))
    try state.prepare(for: try needs("phase eom { rule \"r\" { quarantine; } }"))
    return state
  }

  private static func order(_ works: [Errand.Work], isDecisive: Bool = true) -> ErrandOrder {
    var mail = MailDescription()
    mail.sender = "ann@example.net"
    mail.recipients = ["bob@example.com"]
    mail.queueID = "Q1"
    mail.subject = "s"
    return ErrandOrder(
      mail: mail, message: message,
      errands: works.map { Errand($0, rule: "r", isDecisive: isDecisive) })
  }

  private static let id = "20260101T000000Z-abc"
  private static let part = PartCopy(
    path: "1.2", name: "a.exe", type: "application/x", content: Array("hello".utf8), raw: [])

  @Test func messagesAndPartsAreHeld() async throws {
    let folder = try TestFolder()
    let state = try Self.state(folder.path + "/state")
    let whole = QuarantineErrand(
      id: Self.id, reason: "why", recipients: ["bob@example.com"], isCopy: false)
    let part = QuarantineErrand(
      id: Self.id, reason: "exe", recipients: ["bob@example.com"], isCopy: true,
      part: Self.part)
    let results = await ErrandRunner(state: state).run(
      Self.order([.quarantine(whole), .quarantine(part)]))
    #expect(results == [.done, .done])
    let store = try #require(state.current?.quarantine)
    let entry = try #require(try store.entry(Self.id))
    #expect(entry.reason == "why" && entry.rule == "r" && entry.envelope.queueID == "Q1")
    #expect(entry.envelope.recipients == ["bob@example.com"])
    #expect(try store.content(of: Self.id) == Self.message)
    #expect(try store.content(of: Self.id + ".p1.2") == Array("hello".utf8))
    await state.stop()
  }

  @Test func copiesAndLinksAreFiles() async throws {
    let folder = try TestFolder()
    let state = try Self.state(folder.path + "/state")
    let digest = String(repeating: "ab", count: 32)
    let place = RuleVM.StorePlace(
      name: "s", directory: folder.path + "/store", url: "https://x.example", mode: 0o644)
    let link = LinkErrand(
      store: place,
      place: RuleVM.LinkPlace(
        digest: digest, file: "a%20b.exe", url: "https://x.example/\(digest)/a%20b.exe"),
      part: Self.part)
    let results = await ErrandRunner(state: state).run(Self.order([.copy(place), .link(link)]))
    #expect(results == [.done, .done])
    let files = folder.files
    #expect(files["store/\(digest)/a b.exe"] == "hello")
    #expect(
      files.contains {
        $0.key.hasSuffix(".eml") && $0.value == String(decoding: Self.message, as: UTF8.self)
      })
    await state.stop()
  }

  @Test func mailsWaitInTheQueue() async throws {
    let folder = try TestFolder()
    let state = try Self.state(folder.path + "/state")
    let notice = Notice(
      to: .admin, address: "root@example.com", subject: "held", texts: ["one", "two"])
    let results = await ErrandRunner(state: state).run(
      Self.order([
        .notice(notice),
        .send(sender: "ann@example.net", recipients: ["eve@example.com"], message: Self.message),
      ]))
    #expect(results == [.done, .done])
    let queued = try #require(try state.current?.office.queue.list())
    // Of mails of the same moment nobody says which is first.
    let mails = queued.sorted { $0.sender < $1.sender }
    #expect(mails.map(\.sender) == ["", "ann@example.net"])
    #expect(mails.map(\.recipients) == [["root@example.com"], ["eve@example.com"]])
    await state.stop()
  }

  /// What is behind a failure that refuses the message is left out, what is not is done.
  @Test(arguments: [(true, ErrandResult.skipped), (false, .done)])
  func aDecisiveFailureEndsIt(isDecisive: Bool, next: ErrandResult) async throws {
    let folder = try TestFolder()
    let state = try Self.state(folder.path + "/state")
    let nowhere = RuleVM.StorePlace(name: "s", directory: "/dev/null/store")
    let held = QuarantineErrand(id: Self.id, reason: "", recipients: [], isCopy: false)
    let results = await ErrandRunner(state: state).run(
      Self.order([.copy(nowhere), .quarantine(held)], isDecisive: isDecisive))
    guard case .failed = results[0] else {
      Issue.record("\(results)")
      return
    }
    #expect(results[1] == next)
    await state.stop()
  }

  // MARK: The folder

  @Test func theFolderIsMadeWhenItIsNeeded() async throws {
    let folder = try TestFolder()
    let path = folder.path + "/state"
    let state = DaemonState(
      DaemonState.Settings(directory: path, server: try SMTPServer("127.0.0.1:9")))
    try state.prepare(for: try Self.needs("phase eom { rule \"r\" { addheader \"X\" \"y\"; } }"))
    #expect(state.current == nil && !FileManager.default.fileExists(atPath: path))
    try state.prepare(for: try Self.needs("phase eom { rule \"r\" { notify :admin \"x\"; } }"))
    #expect(state.current != nil)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o750)
    let salt = try #require(state.current?.linkSalt)
    await state.stop()
    let again = try Self.state(path)
    #expect(again.current?.linkSalt == salt && salt.count == 32)
    await again.stop()
  }

  @Test func aFolderThatCannotBeIsRefused() throws {
    let state = DaemonState(
      DaemonState.Settings(directory: "/dev/null/x", server: try SMTPServer("127.0.0.1:9")))
    let needs = try Self.needs("phase eom { rule \"r\" { quarantine; } }")
    let failure = #expect(throws: StartFailure.self) { try state.prepare(for: needs) }
    #expect(failure?.code == 78 && failure?.message.contains("--state") == true)
  }

  // MARK: Own mail

  /// Once, for what was stamped; the second time it is anybody's.
  @Test func ownMailIsKnownOnce() async throws {
    let folder = try TestFolder()
    let state = try Self.state(folder.path + "/state")
    let office = try #require(state.current?.office)
    let now = Int64(Date().timeIntervalSince1970)
    let stamped = office.ownMail.stamped(
      OutgoingMail(
        purpose: .release, sender: "ann@example.net", recipients: ["bob@example.com"],
        message: Self.message), now: now)
    var order = Self.order([.knowMessage])
    order = ErrandOrder(mail: order.mail, message: stamped.message, errands: order.errands)
    #expect(await ErrandRunner(state: state).run(order) == [.done])
    guard case .failed = await ErrandRunner(state: state).run(order)[0] else {
      Issue.record("a mark counted twice")
      return
    }
    await state.stop()
  }
}
