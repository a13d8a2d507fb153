// Files inside of calendars: what clients show as attachments of an event.

import MailMessage
import Testing

@Suite struct CalendarTests {
  /// Of the parts beside the calendar itself.
  private func files(_ calendar: String, _ fields: String = "") -> [String] {
    let message = MailMessage(Array((fields + "\r\n" + calendar).utf8), limits: MailLimits())
    checkRanges(message)
    return message.parts.indices.dropFirst().map { index in
      let part = message.parts[index]
      let isDamaged = part.structuralAnomalies.contains(.badEmbedded)
      return "\(part.givenNames.joined(separator: "|"))=\(message.content(of: index))"
        + (isDamaged ? "!" : "") + (part.isTypeDeclared ? " \(part.contentType.name)" : "")
    }
  }

  private func event(_ lines: String) -> String {
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\n\(lines)END:VEVENT\nEND:VCALENDAR\n"
  }

  @Test(arguments: [
    EmbeddedCase(
      "as RFC 8607 has it",
      "ATTACH;FMTTYPE=text/x-sh;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.sh:IyEvYmlu\n",
      ["a.sh=#!/bin text/x-sh"]),
    EmbeddedCase(
      "as Outlook has it", "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=\"a.sh\":IyEvYmlu\n",
      ["a.sh=#!/bin"]),
    EmbeddedCase("without a name", "ATTACH;VALUE=BINARY:IyEvYmlu\n", ["=#!/bin"]),
    EmbeddedCase("as in vCalendar 1.0", "ATTACH;BASE64:\n IyEv\n Ymlu\n\n", ["=#!/bin"]),
    EmbeddedCase("in lower case", "attach;encoding=b;x-filename=a:YWJj\n", ["a=abc"]),
    EmbeddedCase(
      "folded anywhere", "ATT\n ACH;ENCODING=BA\n\tSE64;X-FILENAME=a.\n exe:YW\n Jj\nUID:1\n",
      ["a.exe=abc"]),
    EmbeddedCase(
      "signs in quotes", "ATTACH;X-A=\"a;b:c\";ENCODING=BASE64;X-FILENAME=\"a;b:c\":YWJj\n",
      ["a;b:c=abc"]),
    EmbeddedCase(
      "two", "ATTACH;ENCODING=BASE64;NAME=a:YWJj\nATTACH;ENCODING=BASE64;NAME=b:YWI=\n",
      ["a=abc", "b=ab"]),
    EmbeddedCase("junk in it", "ATTACH;ENCODING=BASE64;NAME=a:YW*Jj\n", ["a=abc!"]),
    EmbeddedCase("a quote that never ends", "ATTACH;ENCODING=BASE64;NAME=\"a:YWJj\n", ["a=abc"]),
    EmbeddedCase("a place", "ATTACH;FMTTYPE=text/x-sh:https://example.com/a.sh\n", []),
    EmbeddedCase("another property", "ATTACHMENT;ENCODING=BASE64:YWJj\n", []),
    EmbeddedCase("no value", "ATTACH;ENCODING=BASE64;NAME=a\n", ["a="]),
  ])
  func found(_ example: EmbeddedCase) {
    for lineEnd in ["\n", "\r\n"] {
      let text = event(example.text).split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: lineEnd)
      #expect(files(text) == example.files, "line end \(Array(lineEnd.utf8))")
    }
  }

  private static let attached = "ATTACH;ENCODING=BASE64;X-FILENAME=a.exe:YWJj\n"

  @Test(arguments: [
    "Content-Type: application/octet-stream\n", "Content-Type: text/calendar\n",
    "Content-Type: application/ics; name=a.ics\n", "Content-Type: image/png\n",
  ])
  func whateverItsType(_ fields: String) {
    #expect(files(event(Self.attached), fields) == ["a.exe=abc"])
  }

  @Test func whateverItsEncoding() {
    let calendar = event(Self.attached)
    let base64 = Embed.base64(Array(calendar.utf8))
    #expect(files(base64, "Content-Transfer-Encoding: base64\n") == ["a.exe=abc"])
    let escaped = calendar.replacing("=", with: "=3D").replacing("B", with: "=42")
    #expect(files(escaped, "Content-Transfer-Encoding: quoted-printable\n") == ["a.exe=abc"])
  }

  @Test(arguments: ["\u{FEFF}", " \n\n", "\t"]) func whateverStandsBefore(_ start: String) {
    #expect(files(start + event(Self.attached)) == ["a.exe=abc"])
    let base64 = Embed.base64(Array((start + event(Self.attached)).utf8))
    #expect(files(base64, "Content-Transfer-Encoding: base64\n") == ["a.exe=abc"])
  }

  /// Who looks for uuencoded files in every text does so in one that begins like a calendar.
  @Test func isATextAsWell() {
    let text = event(Self.attached) + Embed.uuencode(Array("abc".utf8), name: "b.sh")
    #expect(files(text) == ["a.exe=abc", "b.sh=abc"])
  }

  @Test func isNone() {
    #expect(files("BEGIN:VCARD\n" + Self.attached) == [])
    #expect(files("Dear BEGIN:VCALENDAR\n" + Self.attached) == [])
  }

  @Test func limits() {
    var limits = MailLimits()
    limits.embeddedFilesMax = 2
    let many = event(String(repeating: Self.attached, count: 3))
    let message = MailMessage(Array("\n\(many)".utf8), limits: limits)
    #expect(message.parts.count == 3 && message.limitsHit.contains(.embeddedFiles))
    limits.embeddedFilesMax = 100
    limits.embeddedBytesMax = 4
    let cut = MailMessage(Array("\n\(many)".utf8), limits: limits)
    #expect(cut.limitsHit.contains(.embeddedBytes))
  }
}
