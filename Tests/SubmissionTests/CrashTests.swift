// The process is killed at each step of taking and sending a mail: what was promised is sent, at
// worst twice.
import Foundation
import Testing

@testable import Submission

private func office(
  _ folder: String, _ port: Int, _ onStep: @escaping @Sendable (OutgoingQueue.Step) -> Void
) throws -> (OutgoingQueue, Sender) {
  let queue = try OutgoingQueue(stateFolder: folder, onStep: onStep)
  let book = try SubmissionBook(stateFolder: folder)
  let own = OwnMail(keys: try MarkKeys(stateFolder: folder), book: book)
  let sender = Sender(
    queue: queue, ownMail: own, client: SMTPClient(hostName: "filter.example.net"),
    server: SMTPServer(.inet(host: "127.0.0.1", port: port), security: .off), log: { _ in })
  return (queue, sender)
}

private let mail = OutgoingMail(
  purpose: .release, sender: "ann@example.org",
  recipients: ["bob@example.com", "busy@example.com"],
  message: Array("Subject: hello\r\n\r\nline\r\n".utf8))

@Suite struct CrashTests {
  /// The mail is not promised before `enqueue` returns; once it is named, it may be sent anyway.
  @Test(arguments: OutgoingQueue.Step.allCases.filter { $0.rawValue <= "z" })
  func killedAtEachStep(_ step: OutgoingQueue.Step) async throws {
    let folder = try TestFolder()
    var script = ServerScript()
    script.recipients = ["busy@example.com": .say("450 4.2.1 busy\r\n")]
    let server = try await FaultyServer(script)
    let (path, port, name) = (folder.path, server.port, step.rawValue)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, port = port as Int, name = name as String] in
      let (queue, sender) = try office(path, port) { step in
        if step.rawValue == name { kill(getpid(), SIGKILL) }
      }
      try queue.enqueue(mail)
      await sender.pass()
      // The step of removal comes when nothing is open any more.
      for entry in try queue.list() { _ = try queue.delete(entry.id) }
    }
    script.recipients = [:]
    server.set(script)
    let (queue, sender) = try office(path, port) { _ in }
    try queue.requestFlush()
    await sender.pass()
    let got = server.sessions.filter { !$0.messages.isEmpty }.flatMap(\.lines)
      .filter { $0.hasPrefix("RCPT") }
    let bob = got.filter { $0.contains("bob@") }.count
    switch step {
    case .started, .written: #expect(bob == 0)
    case .named, .synced, .progressNamed: #expect(bob == 1)
    case .sent, .progressWritten: #expect(bob == 2)
    case .removed: #expect(bob == 1)
    }
    #expect(try queue.list().isEmpty)
  }
}
