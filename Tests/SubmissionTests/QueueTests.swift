// The queue on disk and who sends from it.
import Foundation
import Synchronization
import Testing

@testable import Submission

private func mail(_ recipients: [String] = ["bob@example.com"], _ word: String = "x")
  -> OutgoingMail
{
  OutgoingMail(
    purpose: .notice, sender: "", recipients: recipients,
    message: Array("Subject: \(word)\r\n\r\n\(word)\r\n".utf8))
}

/// A queue, a sender with a clock of its own, and a server.
private final class Office: Sendable {
  let folder: TestFolder
  let queue: OutgoingQueue
  let sender: Sender
  let server: FaultyServer
  /// Before the times of all files, so none is old.
  let clock = Mutex<Int64>(1_600_000_000)
  let log = Mutex<[String]>([])

  init(
    _ script: ServerScript = ServerScript(), limits: SubmissionLimits = .init()
  ) async throws {
    folder = try TestFolder()
    server = try await FaultyServer(script)
    queue = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    let book = try SubmissionBook(stateFolder: folder.path)
    let own = OwnMail(keys: try MarkKeys(stateFolder: folder.path), book: book)
    let shared = Box()
    sender = Sender(
      queue: queue, ownMail: own,
      client: SMTPClient(hostName: "filter.example.net", limits: limits),
      server: SMTPServer(.inet(host: "127.0.0.1", port: server.port), security: .off),
      clock: { shared.office?.clock.withLock { $0 } ?? 0 },
      log: { line in shared.office?.log.withLock { $0.append(line) } })
    shared.set(self)
  }

  func wait(_ seconds: Int64) { clock.withLock { $0 += seconds } }
  var now: Int64 { clock.withLock { $0 } }
  var waiting: [QueuedMail] { get throws { try queue.list().filter { !$0.hasFailed } } }
  var failed: [QueuedMail] { get throws { try queue.list().filter(\.hasFailed) } }
}

private final class Box: Sendable {
  private struct Weak: Sendable { weak let office: Office? }
  private let held = Mutex<Weak>(Weak(office: nil))
  var office: Office? { held.withLock { $0.office } }
  func set(_ office: Office) { held.withLock { $0 = Weak(office: office) } }
}

@Suite struct QueueTests {
  @Test func keepsWhatItIsGiven() throws {
    let folder = try TestFolder()
    let queue = try OutgoingQueue(stateFolder: folder.path)
    let id = try queue.enqueue(mail(["a@example.com", "b@example.com"], "hello"), now: 100)
    let again = try OutgoingQueue(stateFolder: folder.path)
    let entry = try #require(try again.list().first)
    #expect(entry.id == id)
    #expect(entry.recipients == ["a@example.com", "b@example.com"])
    #expect(entry.created == 100)
    #expect(try again.message(id) == mail([], "hello").message)
    #expect(try again.delete(id))
    #expect(try !again.delete(id))
    #expect(try again.list().isEmpty)
  }

  @Test func hasRoomForSoMany() throws {
    var limits = SubmissionLimits()
    limits.queuedMailsMax = 2
    let folder = try TestFolder()
    let queue = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    let first = try queue.enqueue(mail())
    try queue.enqueue(mail())
    #expect(throws: StateFault.self) { try queue.enqueue(mail()) }
    // Another process counts what is there.
    let other = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    #expect(throws: StateFault.self) { try other.enqueue(mail()) }
    #expect(try queue.delete(first))
    try queue.enqueue(mail())
    #expect(folder.names("outgoing").filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test func hasRoomForSoMuch() throws {
    let folder = try TestFolder()
    let one = try OutgoingQueue(stateFolder: folder.path)
    let id = try one.enqueue(mail(), now: 100)
    let bytes = try #require(try one.list().first).bytes
    #expect(try one.delete(id))
    var limits = SubmissionLimits()
    limits.queuedBytesMax = 2 * bytes
    let queue = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    try queue.enqueue(mail(), now: 100)
    try queue.enqueue(mail(), now: 100)
    #expect(throws: StateFault.self) { try queue.enqueue(mail(), now: 100) }
    limits.queuedBytesMax = 2 * bytes - 1
    let second = try TestFolder()
    let smaller = try OutgoingQueue(stateFolder: second.path, limits: limits)
    try smaller.enqueue(mail(), now: 100)
    #expect(throws: StateFault.self) { try smaller.enqueue(mail(), now: 100) }
  }

  @Test(arguments: [(0, false), (1, true), (3, true), (4, false)])
  func mailHasSomeRecipients(_ count: Int, _ isTaken: Bool) throws {
    var limits = SubmissionLimits()
    limits.recipientsOfMailMax = 3
    let folder = try TestFolder()
    let queue = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    let taken = try? queue.enqueue(mail((0..<count).map { "u\($0)@example.com" }))
    #expect((taken != nil) == isTaken)
  }

  @Test(arguments: ["../../etc/passwd", "", "lock", "0065a0b0c0/../x"])
  func namesLeadNowhereElse(_ name: String) throws {
    let folder = try TestFolder()
    let queue = try OutgoingQueue(stateFolder: folder.path)
    #expect(try !queue.delete(name))
  }

  // MARK: Sending

  @Test func sentMailIsGone() async throws {
    let office = try await Office()
    try office.queue.enqueue(mail(), now: office.now)
    try office.queue.enqueue(mail(), now: office.now)
    await office.sender.pass()
    #expect(office.server.messages.count == 2)
    #expect(try office.queue.list().isEmpty)
    #expect(office.folder.names("outgoing") == ["failed"])
    let text = String(decoding: office.server.messages[0], as: UTF8.self)
    #expect(text.hasPrefix("Defang-Mark: v=1;"))
  }

  @Test func deferredMailComesAgain() async throws {
    let office = try await Office(ServerScript(["MAIL": .say("451 4.7.1 later\r\n")]))
    try office.queue.enqueue(mail(), now: office.now)
    await office.sender.pass()
    await office.sender.pass()
    #expect(office.server.sessions.count == 1)
    #expect(try office.waiting.first?.lastFailure == "451 4.7.1 later")
    office.server.set(ServerScript())
    office.wait(SubmissionLimits().firstRetrySeconds * 2)
    await office.sender.pass()
    #expect(office.server.messages.count == 1)
    #expect(try office.queue.list().isEmpty)
  }

  @Test func oneDeadServerIsAskedOnce() async throws {
    let office = try await Office(ServerScript(["greeting": .close]))
    for _ in 0..<5 { try office.queue.enqueue(mail(), now: office.now) }
    await office.sender.pass()
    #expect(office.server.sessions.count == 1)
    try office.queue.requestFlush()
    office.server.set(ServerScript())
    await office.sender.pass()
    #expect(office.server.messages.count == 5)
  }

  @Test func refusedMailIsPutAside() async throws {
    let office = try await Office(ServerScript(["RCPT": .say("550 5.1.1 no\r\n")]))
    let id = try office.queue.enqueue(mail(), now: office.now)
    await office.sender.pass()
    #expect(try office.waiting.isEmpty)
    #expect(try office.failed.map(\.id) == [id])
    #expect(try office.failed.first?.lastFailure == "550 5.1.1 no")
    #expect(try office.queue.delete(id))
    #expect(office.folder.names("outgoing/failed").isEmpty)
  }

  @Test func eachRecipientIsSentToOnce() async throws {
    var script = ServerScript()
    script.recipients = [
      "b@example.com": .say("450 4.2.1 busy\r\n"), "c@example.com": .say("550 5.1.1 no\r\n"),
    ]
    let office = try await Office(script)
    try office.queue.enqueue(
      mail(["a@example.com", "b@example.com", "c@example.com"]), now: office.now)
    await office.sender.pass()
    #expect(try office.waiting.first?.recipients == ["b@example.com", "c@example.com"])
    script.recipients = [:]
    office.server.set(script)
    office.wait(3_600)
    await office.sender.pass()
    let paths = office.server.sessions.map { $0.lines.filter { $0.hasPrefix("RCPT") } }
    #expect(paths[1] == ["RCPT TO:<b@example.com> NOTIFY=NEVER"])
    #expect(try office.failed.first?.recipients.contains("c@example.com") == true)
  }

  @Test func manyRecipientsAreSeveralTransactions() async throws {
    var limits = SubmissionLimits()
    limits.recipientsMax = 2
    let office = try await Office(limits: limits)
    try office.queue.enqueue(mail((0..<5).map { "u\($0)@example.com" }), now: office.now)
    await office.sender.pass()
    #expect(office.server.messages.count == 3)
  }

  @Test(arguments: [(Int64(0), false), (1, true)])
  func oldMailIsGivenUp(_ excess: Int64, _ isGivenUp: Bool) async throws {
    let office = try await Office(ServerScript(["MAIL": .say("451 later\r\n")]))
    try office.queue.enqueue(mail(), now: office.now)
    office.wait(SubmissionLimits().expirySeconds + excess)
    await office.sender.pass()
    #expect(try office.failed.isEmpty == !isGivenUp)
    #expect(office.log.withLock { $0.contains { $0.contains("too old") } } == isGivenUp)
  }

  @Test func failedMailIsKeptUpToANumber() async throws {
    var limits = SubmissionLimits()
    limits.failedMailsMax = 2
    let office = try await Office(
      ServerScript(["MAIL": .say("550 no\r\n")]), limits: limits)
    let ids = try (0..<3).map { try office.queue.enqueue(mail(), now: office.now + $0) }
    await office.sender.pass()
    #expect(try office.failed.map(\.id) == Array(ids.dropFirst()))
  }

  @Test func damagedFilesAreForPeople() async throws {
    let office = try await Office()
    _ = try office.folder.write("outgoing/00000000aa000000000000.mail", "{ no envelope\n\nx\n")
    _ = try office.folder.write("outgoing/00000000ab000000000000.mail", "no line at all")
    let good = try office.queue.enqueue(mail(), now: office.now)
    _ = try office.folder.write("outgoing/\(good).state", "{ no progress")
    await office.sender.pass()
    #expect(office.server.messages.count == 1)
    #expect(office.folder.names("outgoing/failed").count == 2)
  }

  @Test func oneSenderAtATime() async throws {
    let office = try await Office()
    try office.sender.start()
    let book = try SubmissionBook(stateFolder: office.folder.path)
    let own = OwnMail(keys: try MarkKeys(stateFolder: office.folder.path), book: book)
    let second = Sender(
      queue: try OutgoingQueue(stateFolder: office.folder.path), ownMail: own,
      client: SMTPClient(hostName: "x"), server: SMTPServer(.unix(path: "/nowhere")),
      log: { _ in })
    #expect(throws: StateFault.self) { try second.start() }
    await office.sender.stop()
    try second.start()
    await second.stop()
  }

  @Test func aRunningSenderSendsWhatComes() async throws {
    let office = try await Office()
    try office.sender.start()
    try office.queue.enqueue(mail(), now: office.now)
    for _ in 0..<2_000 where office.server.messages.isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(office.server.messages.count == 1)
    await office.sender.stop()
    #expect(try office.queue.list().isEmpty)
  }

  @Test func leftoversAreSwept() async throws {
    let office = try await Office()
    let path = try office.folder.write("outgoing/.half", "x")
    let orphan = try office.folder.write("outgoing/00000000aa000000000000.state", "{}")
    let old = Date(timeIntervalSince1970: Double(office.now - 3_601))
    for path in [path, orphan] {
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
    }
    await office.sender.pass()
    #expect(office.folder.names("outgoing") == ["failed"])
  }

  @Test func waitingGrowsToAnHour() {
    let limits = SubmissionLimits()
    for (failures, seconds) in [(1, Int64(60)), (2, 120), (6, 1_920), (7, 3_600), (99, 3_600)] {
      let waits = (0..<50).map { _ in BackOff.seconds(failures: failures, limits) }
      #expect(waits.allSatisfy { abs($0 - seconds) <= seconds / 4 })
      #expect(Set(waits).count > 1)
    }
  }
}
