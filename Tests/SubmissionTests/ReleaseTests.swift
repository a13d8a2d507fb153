// What a release sends.
import Foundation
import Testing

@testable import Submission

private let now: Int64 = 1_762_161_300
private let content = Array("From: a@b\r\nSubject: x\r\n\r\nbody \r\n--=_x\r\n".utf8)

private func held(_ content: [UInt8] = content) -> HeldMessage {
  HeldMessage(
    id: "20251103T091500Z-abc", sender: "ann@example.org", recipients: ["bob@example.com"],
    subject: "Plans\r\nBcc: x", reason: "virus", receivedSeconds: now - 60, content: content)
}

@Suite struct ReleaseTests {
  private let writer = ReleaseWriter(
    MailIdentity(hostName: "mx.example.net", daemonAddress: "mailer-daemon@example.net"))

  @Test func asItWas() throws {
    let mail = writer.mail(held(), to: ["bob@example.com"], as: .asItWas, now: now)
    #expect(mail.sender == "ann@example.org")
    #expect(mail.message.suffix(content.count) == content[...])
    let front = String(decoding: mail.message.dropLast(content.count), as: UTF8.self)
    let lines = front.components(separatedBy: "\r\n")
    #expect(
      lines.prefix(5) == [
        "Received: from quarantine by mx.example.net (Defang) id 20251103T091500Z-abc;",
        " Mon, 03 Nov 2025 09:15:00 +0000", "Resent-Date: Mon, 03 Nov 2025 09:15:00 +0000",
        "Resent-From: Mail filter <mailer-daemon@example.net>", "Resent-To: <bob@example.com>",
      ])
    #expect(lines[5].hasPrefix("Resent-Message-ID: <"))
    #expect(lines.count == 7)
  }

  @Test func severalRecipientsAreNotNamed() {
    let mail = writer.mail(held(), to: ["b@example.com", "c@example.com"], as: .asItWas, now: now)
    #expect(!String(decoding: mail.message, as: UTF8.self).contains("Resent-To"))
  }

  @Test func attached() {
    let mail = writer.mail(held(), to: ["bob@example.com"], as: .attached, now: now)
    let text = String(decoding: mail.message, as: UTF8.self)
    #expect(mail.sender.isEmpty)
    #expect(text.contains("\r\nSubject: Released message: Plans Bcc: x\r\n"))
    #expect(text.contains("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n"))
    #expect(text.contains("\r\n\r\n" + String(decoding: content, as: UTF8.self) + "\r\n--=_defang"))
    #expect(text.hasSuffix("--\r\n"))
    let eight = writer.mail(
      held(content + Array("grün\r\n".utf8)), to: ["bob@example.com"], as: .attached, now: now)
    #expect(String(decoding: eight.message, as: UTF8.self).contains("Encoding: 8bit\r\n"))
  }

  @Test func zipped() {
    let mail = writer.mail(
      held(), to: ["bob@example.com"], sender: "ops@example.net",
      as: .zipped(archive: [80, 75, 3, 4]), now: now)
    let text = String(decoding: mail.message, as: UTF8.self)
    #expect(mail.sender == "ops@example.net")
    #expect(text.contains("Content-Type: application/zip; name=\"message.eml.zip\"\r\n"))
    #expect(text.contains("UEsDBA=="))
  }

  @Test func partsAreAttachedAlways() {
    var part = held(Array("MZ".utf8))
    part.part = ("evil\r\n.exe", "application/x-dosexec")
    let text = String(
      decoding: writer.mail(part, to: ["b@example.com"], as: .asItWas, now: now).message,
      as: UTF8.self)
    #expect(text.contains("Content-Type: application/x-dosexec; name=\"evil .exe\"\r\n"))
    #expect(text.contains("TVo="))
  }
}
