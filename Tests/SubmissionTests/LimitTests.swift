// Bounds that no other test reaches, each at the bound and one past it.
import MailMessage
import Testing

@testable import Submission

@Suite struct SubmissionLimitTests {
  /// Lines of `250-x…` and a last one, so many bytes in all.
  private func reply(_ count: Int) -> [UInt8] {
    let line = "250-" + String(repeating: "x", count: 94) + "\r\n"
    var text = String(repeating: line, count: count / 100 - 1)
    text += "250 " + String(repeating: "y", count: count - text.utf8.count - 6) + "\r\n"
    return Array(text.utf8)
  }

  private func isRead(_ bytes: [UInt8]) -> Bool {
    var reader = ReplyReader(SubmissionLimits())
    do throws(SendFailure) {
      var replies = 0
      for byte in bytes where try reader.take(byte) != nil { replies += 1 }
      return replies == 1
    } catch {
      #expect(error == .fault(.replyTooLong))
      return false
    }
  }

  @Test func replies() {
    let most = SubmissionLimits().replyBytesMax
    #expect(isRead(reply(most)))
    #expect(!isRead(reply(most + 1)))
  }

  @Test func repliesAreCountedOneByOne() throws {
    var reader = ReplyReader(SubmissionLimits())
    let half = reply(SubmissionLimits().replyBytesMax / 2 + 100)
    for _ in 0..<3 {
      let replies = try half.compactMap { try reader.take($0) }
      #expect(replies.count == 1)
    }
  }

  @Test func addresses() {
    let most = SubmissionLimits().addressBytesMax
    let address = String(repeating: "a", count: most - 12) + "@example.com"
    #expect(MailPath.isSafe(address, bytesMax: most))
    #expect(!MailPath.isSafe("a" + address, bytesMax: most))
  }

  @Test(arguments: [
    ("a@b", true), ("", true), ("\"a b\"@c", true), ("\"a\\\" b\"@c", true), ("jürgen@b", true),
    ("a b@c", false), ("a>b@c", false), ("\"a b@c", false), ("a\r\nb@c", false),
    ("\"a\r\"@c", false), ("a\u{7F}@c", false), ("\"a\\", false),
  ])
  func paths(_ address: String, _ isSafe: Bool) {
    #expect(MailPath.isSafe(address, bytesMax: 100) == isSafe)
  }

  @Test(arguments: [(0, true), (1, false)])
  func queuedMails(_ excess: Int, _ isTaken: Bool) throws {
    var limits = SubmissionLimits()
    limits.mailBytesMax = 1_000
    let folder = try TestFolder()
    let queue = try OutgoingQueue(stateFolder: folder.path, limits: limits)
    let mail = OutgoingMail(
      purpose: .copy, sender: "", recipients: ["a@example.com"],
      message: [UInt8](repeating: 120, count: 1_000 + excess))
    #expect(((try? queue.enqueue(mail)) != nil) == isTaken)
  }

  @Test func marks() throws {
    let message = Array("Subject: x\r\n\r\nx\r\n".utf8)
    var limits = SubmissionLimits()
    let mark = Mark(
      message, sender: "", recipients: ["a@example.com"],
      key: MarkKey([UInt8](repeating: 1, count: 32)), now: 0, validSeconds: 60)
    limits.markFieldBytesMax = mark.text.utf8.count
    #expect(Mark(mark.text, limits: limits) == mark)
    limits.markFieldBytesMax -= 1
    #expect(Mark(mark.text, limits: limits) == nil)
    limits = SubmissionLimits()
    limits.recipientsMax = 0
    #expect(Mark(mark.text, limits: limits) == nil)
  }

  // MARK: Forms

  @Test(arguments: [
    ("a\nb", "a\r\nb\r\n"), ("a\r\nb\r\n", "a\r\nb\r\n"), ("", ""),
    ("A: x\ry\n\nb\rc", "A: x y\r\n\r\nb\r\nc\r\n"),
    ("\r\r\n", " \r\n"), ("A: b\r\n\r\n\r\r\n", "A: b\r\n\r\n\r\n\r\n"),
  ])
  func lineEnds(_ text: String, _ expected: String) {
    #expect(String(decoding: WireText.canonical(Array(text.utf8)), as: UTF8.self) == expected)
  }

  /// Wherever a block ends, the dots are the same.
  @Test(arguments: 1...12)
  func dots(_ blockBytes: Int) {
    var blocks = DottedBlocks(Array(".a\r\n..\r\nb.\r\n.\r\n".utf8), blockBytes: blockBytes)
    var text = ""
    while let block = blocks.next() { text += String(decoding: block, as: UTF8.self) }
    #expect(text == "..a\r\n...\r\nb.\r\n..\r\n.\r\n")
  }

  @Test(arguments: [
    ("mail.example.net", "mail.example.net:25"), ("127.0.0.1:587", "127.0.0.1:587"),
    ("[::1]:25", "[::1]:25"), ("[::1]", "[::1]:25"), ("inet:25@mail", "mail:25"),
    ("inet6:25@::1", "[::1]:25"), ("unix:/run/smtp", "unix:/run/smtp"),
    ("/run/smtp", "unix:/run/smtp"),
    ("inet:mail:26", "mail:26"),
  ])
  func servers(_ text: String, _ shown: String) throws {
    #expect("\(try SMTPServer(text))" == shown)
  }

  @Test(arguments: [
    "", ":25", "a:b", "a:0", "a:65536", "a:1:2", "[::1", "[::1]x", "unix:", "unix:rel", "a b:25",
    "inet:x@mail", "a:+5",
  ])
  func noServers(_ text: String) {
    #expect(throws: SMTPServer.Problem.self) { _ = try SMTPServer(text) }
  }

  @Test(arguments: [
    (Int64(0), "Thu, 01 Jan 1970 00:00:00 +0000"), (951_825_599, "Tue, 29 Feb 2000 11:59:59 +0000"),
    (1_762_161_300, "Mon, 03 Nov 2025 09:15:00 +0000"), (-5, "Thu, 01 Jan 1970 00:00:00 +0000"),
  ])
  func dates(_ seconds: Int64, _ text: String) {
    #expect(MailDate.text(seconds) == text)
  }

  @Test func base64() {
    for count in 0...10 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 200) }
      #expect(Base64Text.decodeSafely(Base64Encoder.text(bytes, .nameSafe)) == bytes)
    }
    #expect(Base64Encoder.text(Array("ab".utf8)) == "YWI=")
    for text in ["A", "AB", "YWI=", "Y WI", "YW+/"] {
      #expect(Base64Text.decodeSafely(text) == nil)
    }
  }
}
