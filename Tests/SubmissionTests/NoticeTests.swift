// Notices: what they look like, to whom they go, and how often.
import Foundation
import Testing

@testable import Submission

private let now: Int64 = 1_762_161_300

private func text(_ mail: OutgoingMail?) -> String {
  String(decoding: mail?.message ?? [], as: UTF8.self)
}

@Suite struct NoticeTests {
  private let writer = NoticeWriter(
    MailIdentity(hostName: "mx.example.net", daemonAddress: "mailer-daemon@example.net"))

  private func notice(
    _ address: String = "ann@example.org", isToSender: Bool = true, subject: String? = nil,
    texts: [String] = ["Your attachment was removed."]
  ) -> NoticeText {
    NoticeText(address: address, isToSender: isToSender, subject: subject, texts: texts)
  }

  @Test func toASender() throws {
    let context = NoticeContext(
      subject: "Große Pläne", messageID: "<2@example.org>", references: "<0@x.org>\r\n <1@x.org>")
    let mail = try #require(writer.mail(for: notice(texts: ["One.", "Two.\n"]), context, now: now))
    #expect(mail.sender.isEmpty)
    #expect(mail.recipients == ["ann@example.org"])
    #expect(mail.purpose == .notice)
    let lines = text(mail).components(separatedBy: "\r\n")
    let id = try #require(lines.first { $0.hasPrefix("Message-ID: <1762161300.") })
    #expect(id.hasSuffix("@mx.example.net>"))
    #expect(
      lines.filter { $0 != id } == [
        "From: Mail filter <mailer-daemon@example.net>", "To: <ann@example.org>",
        "Subject: About: =?utf-8?b?R3Jvw59lIFBsw6RuZQ==?=",
        "Date: Mon, 03 Nov 2025 09:15:00 +0000", "MIME-Version: 1.0",
        "Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All",
        "In-Reply-To: <2@example.org>", "References: <0@x.org> <1@x.org> <2@example.org>",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit", "", "One.",
        "", "Two.", "",
      ])
  }

  @Test func toAnAdministrator() {
    let context = NoticeContext(subject: "x", messageID: "<2@example.org>")
    let notice = notice("root@example.net", isToSender: false, subject: "Look here")
    let lines = text(writer.mail(for: notice, context, now: now))
      .components(separatedBy: "\r\n")
    #expect(lines.contains("Auto-Submitted: auto-generated"))
    #expect(lines.contains("Subject: Look here"))
    #expect(!lines.contains { $0.hasPrefix("In-Reply-To") || $0.hasPrefix("References") })
  }

  @Test func withoutADaemonAddressThePostmasterWrites() {
    let writer = NoticeWriter(MailIdentity(hostName: "mx.example.net"))
    #expect(
      text(writer.mail(for: notice(), NoticeContext(), now: now))
        .hasPrefix("From: Mail filter <postmaster@mx.example.net>\r\n"))
  }

  /// Words of a mail that try to be structure of ours.
  @Test(arguments: ["a\r\nBcc: <x@y>", "a\nBcc: <x@y>", "a\u{2028}Bcc: <x@y>", "a\r\n\r\nBcc: x"])
  func wordsStayWords(_ words: String) {
    let context = NoticeContext(
      subject: words, messageID: "<1@a>\r\nBcc: <x@y>", references: words)
    let mails = [
      writer.mail(for: notice(texts: [words]), context, now: now),
      writer.mail(for: notice(subject: words), context, now: now),
    ]
    for mail in mails {
      let header = text(mail).components(separatedBy: "\r\n\r\n")[0]
      #expect(!header.components(separatedBy: "\r\n").contains { $0.hasPrefix("Bcc") })
    }
  }

  @Test(arguments: ["", "a@b>\r\nBcc: <c@d", "a b@example.org", "\"a b\"@example.org", "<a@b>"])
  func addressesThatAreNone(_ address: String) {
    #expect(writer.mail(for: notice(address), NoticeContext(), now: now) == nil)
  }

  @Test(arguments: [(0, true), (1, false)])
  func textsHaveALongest(_ excess: Int, _ isWhole: Bool) {
    var limits = SubmissionLimits()
    limits.noticeTextBytesMax = 60
    let writer = NoticeWriter(MailIdentity(hostName: "x"), limits: limits)
    let words = String(repeating: "y", count: 58 + excess) + "!\n"
    let mail = writer.mail(for: notice(texts: [words]), NoticeContext(), now: now)
    #expect(text(mail).hasSuffix("y!\r\n"))
    #expect(text(mail).contains(String(repeating: "y", count: 58)))
    #expect(
      text(mail).components(separatedBy: "\r\n\r\n")[1] == words.prefix(60).replacing(
        "\n", with: "\r\n") + (isWhole ? "" : "\r\n"))
  }

  // MARK: How often

  private func office(_ limits: SubmissionLimits = .init()) throws -> (TestFolder, PostOffice) {
    let folder = try TestFolder()
    var configuration = PostOfficeConfiguration(
      stateFolder: folder.path, server: SMTPServer(.unix(path: "/nowhere")),
      hostName: "mx.example.net")
    configuration.limits = limits
    return (folder, try PostOffice(configuration) { _ in })
  }

  @Test func aSenderHearsOnceADay() throws {
    let (folder, office) = try office()
    defer { withExtendedLifetime(folder) {} }
    func count(_ address: String, at time: Int64) throws -> Int {
      try office.send([notice(address)], NoticeContext(), daemonAddress: nil, now: time)
    }
    #expect(try count("ann@example.org", at: now) == 1)
    #expect(try count("ann@EXAMPLE.org", at: now + 86_400) == 0)
    #expect(try count("eve@example.org", at: now + 86_400) == 1)
    #expect(try count("ann@example.org", at: now + 86_401) == 1)
  }

  @Test func thereIsANumberAnHour() throws {
    var limits = SubmissionLimits()
    limits.noticesHourlyMax = 2
    let (folder, office) = try office(limits)
    defer { withExtendedLifetime(folder) {} }
    let admin = notice("root@example.net", isToSender: false)
    func count(at time: Int64) throws -> Int {
      try office.send([admin, admin, admin], NoticeContext(), daemonAddress: nil, now: time)
    }
    #expect(try count(at: now) == 2)
    #expect(try count(at: now + 3_599) == 0)
    #expect(try count(at: now + 3_601) == 2)
  }

  /// What could not be kept was not sent.
  @Test func aNoticeThatIsNotKeptIsNotCounted() throws {
    var limits = SubmissionLimits()
    limits.queuedMailsMax = 1
    let (folder, office) = try office(limits)
    defer { withExtendedLifetime(folder) {} }
    func send() throws -> Int {
      try office.send([notice()], NoticeContext(), daemonAddress: nil, now: now)
    }
    let other = try office.queue.enqueue(
      OutgoingMail(purpose: .copy, sender: "", recipients: ["x@example.com"], message: []))
    #expect(throws: StateFault.self) { try send() }
    #expect(try office.queue.delete(other))
    #expect(try send() == 1)
    #expect(try send() == 0)
  }
}
