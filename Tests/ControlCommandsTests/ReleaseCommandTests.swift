// `quarantine release` and `queue`, against a mail server that takes everything and one that is not
// there.

import ArgumentParser
import Foundation
import MailLab
import Testing

@testable import ControlCommands
@testable import Stores
@testable import Submission

@Suite struct ReleaseCommandTests {
  private let folder: StateFolder
  private let sink: SMTPSink

  init() throws {
    folder = try StateFolder()
    try folder.fill()
    sink = try SMTPSink()
  }

  /// The exit code, what was printed, and the failure's words.
  private func release(
    _ words: String..., port: UInt16? = nil
  ) async -> (code: Int32, out: String, failure: String) {
    let all =
      ["quarantine", "release", "--state", folder.path, "--host-name", "mx.example.net"]
      + ["--server", "127.0.0.1:\(port ?? sink.port)", "--tls", "off"] + words
    var output = ControlOutput(isTerminal: false)
    do {
      guard let command = try Defangctl.parseAsRoot(all) as? QuarantineRelease else {
        return (70, "", "no command")
      }
      do throws(ControlFailure) {
        try await command.carryOut(&output)
      } catch {
        return (error.code, String(decoding: output.bytes, as: UTF8.self), error.message)
      }
      return (0, String(decoding: output.bytes, as: UTF8.self), "")
    } catch {
      return (Defangctl.exitCode(for: error).rawValue, "", Defangctl.message(for: error))
    }
  }

  private func state(_ id: String) throws -> EntryState? { try folder.store().entry(id)?.state }

  @Test func sendsOnceAsItWas() async throws {
    let first = await release("m-1")
    #expect(first.code == 0)
    #expect(first.out == "m-1: sent to <bob@example.com>, <eve@example.com>: 250 2.0.0 Kept\n")
    let delivery = try #require(sink.waitForMessages(1).first)
    #expect(delivery.sender == "ann@example.net")
    #expect(delivery.recipients == ["bob@example.com", "eve@example.com"])
    #expect(delivery.bytes.suffix(StateFolder.message.count) == StateFolder.message[...])
    #expect(String(decoding: delivery.bytes, as: UTF8.self).hasPrefix("Defang-Mark: v=1;"))
    #expect(try state("m-1") == .released)

    let second = await release("m-1")
    #expect(second.code == 65)
    #expect(sink.all.count == 1)
    #expect(await release("m-1", "--again", "--to", "carl@example.com").code == 0)
    #expect(sink.waitForMessages(2).last?.recipients == ["carl@example.com"])
    let actions = try folder.store().audit(of: "m-1").map(\.action)
    #expect(actions == [.releaseBegun, .released, .releaseBegun, .released])
  }

  @Test func aServerThatIsDownChangesNothing() async throws {
    let result = await release("m-1", port: 1)
    #expect(result.code == 75)
    #expect(result.failure.hasPrefix("m-1: not sent to <bob@example.com>: no connection to"))
    #expect(try state("m-1") == .held)
    #expect(try folder.store().audit(of: "m-1").map(\.action) == [.releaseBegun, .releaseFailed])
    #expect(await release("m-1").code == 0)
  }

  @Test func oneThatFailsKeepsNoOtherBack() async throws {
    let result = await release("none", "m-1")
    #expect(result.code == 66)
    #expect(sink.waitForMessages(1).count == 1)
  }

  @Test func attachedAndZipped() async throws {
    #expect(await release("m-1", "--attach").code == 0)
    let attached = try #require(sink.waitForMessages(1).first)
    #expect(attached.sender.isEmpty)
    let text = String(decoding: attached.bytes, as: UTF8.self)
    #expect(text.contains("Content-Type: message/rfc822\r\n"))
    #expect(!text.contains("\u{1B}]0"))
    // A message this short does not get smaller.
    let zipped = await release("m-1", "--again", "--zip")
    #expect(zipped.code == 65)
    #expect(try state("m-1") == .held)
    #expect(await release("m-1.p1.2", "--from", "ops@example.net").code == 0)
    let part = try #require(sink.waitForMessages(2).last)
    #expect(part.sender == "ops@example.net")
    #expect(String(decoding: part.bytes, as: UTF8.self).contains("AP8K"))
  }

  @Test func tokensOfDigests() async throws {
    let keys = try MarkKeys(stateFolder: folder.path)
    let token = ReleaseToken.make(
      entryID: "m-1", recipient: "eve@example.com", expires: SystemClock.now + 600,
      key: keys.current)
    // What failed has not used it up.
    #expect(await release("--token", token, port: 1).code == 75)
    #expect(await release("--token", token).code == 0)
    #expect(sink.waitForMessages(1).first?.recipients == ["eve@example.com"])
    let again = await release("--token", token)
    #expect(again.code == 65)
    #expect(again.failure == "the token: it was used before")
    #expect(await release("--token", token + "x").code == 65)
    #expect(sink.all.count == 1)
  }

  @Test(arguments: [
    [], ["m-1", "--token", "x"], ["--token", "x", "--to", "a@b"], ["m-1", "--zip", "--attach"],
    ["m-1", "--server", "nowhere:99999"], ["m-1", "--tls", "maybe"],
  ])
  func usage(_ words: [String]) async throws {
    let all = ["quarantine", "release", "--state", folder.path] + words
    var code: Int32 = 0
    do {
      let command = try #require(try Defangctl.parseAsRoot(all) as? QuarantineRelease)
      var output = ControlOutput(isTerminal: false)
      try await command.carryOut(&output)
    } catch let failure as ControlFailure {
      code = failure.code
    } catch {
      code = Defangctl.exitCode(for: error).rawValue
    }
    #expect(code == 64)
  }

  // MARK: The queue

  @Test func queue() throws {
    #expect(folder.run("queue", "list").code == 66)
    let queue = try OutgoingQueue(stateFolder: folder.path)
    #expect(folder.run("queue", "list").out.isEmpty)
    #expect(folder.run("queue", "list", "--json").out == "[]\n")
    let mail = OutgoingMail(
      purpose: .notice, sender: "", recipients: ["bob@example.com", "\u{1B}[2J@example.com"],
      message: Array("Subject: x\r\n\r\nx\r\n".utf8))
    let waiting = try queue.enqueue(mail, now: StateFolder.now)
    let failed = try queue.enqueue(mail, now: StateFolder.now + 1)
    try queue.fail(failed)
    let list = folder.run("queue", "list")
    #expect(list.lines.count == 3)
    #expect(list.lines[1].hasPrefix(waiting + "  2026-"))
    #expect(list.lines[1].contains("<bob@example.com> +1"))
    let json = folder.run("queue", "list", "--json").json as? [[String: Any]]
    #expect(json?.map { $0["status"] as? String } == ["waiting", "failed"])
    #expect(json?.first?["recipients"] as? [String] == mail.recipients)
    #expect(!folder.run("queue", "list", "--json").out.contains("\u{1B}"))

    #expect(folder.run("queue", "flush").code == 0)
    #expect(queue.takeFlushRequest())
    #expect(!queue.takeFlushRequest())
    #expect(folder.run("queue", "delete", "--failed").out == "1 deleted\n")
    #expect(folder.run("queue", "delete", failed).code == 66)
    #expect(folder.run("queue", "delete", waiting).out == "1 deleted\n")
    #expect(folder.run("queue", "delete").code == 64)
    #expect(try queue.list().isEmpty)
  }
}
