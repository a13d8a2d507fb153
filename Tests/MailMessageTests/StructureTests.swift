// How messages, whole and broken ones, are divided into parts.

import MailMessage
import Testing

@Suite struct StructureTests {
  @Test(arguments: plainCases + multipartCases + nestedCases)
  func outline(_ example: StructureCase) {
    let message = MailMessage(text: example.text)
    #expect(message.outline == example.outline)
    #expect(message.anomalies == example.anomalies)
    #expect(message.limitsHit.isEmpty)
    checkRanges(message)
  }

  @Test func bareLineFeeds() {
    let text = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n"
    let message = MailMessage(Array(text.utf8))
    #expect(message.outline == ["1 multipart/mixed", "1.1 text/plain one"])
    #expect(message.anomalies == [.bareLF])
  }

  @Test func bareReturnsOnly() {
    let text = "Subject: a\rContent-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b--\r"
    let message = MailMessage(Array(text.utf8))
    #expect(message.outline == ["1 multipart/mixed", "1.1 text/plain one"])
    #expect(message.anomalies == [.bareCR])
    checkRanges(message)
  }

  /// MTAs mend the line ends of headers; a body may still have bare CRs alone.
  @Test func bareReturnsInOneBody() {
    let inner = "Content-Type: multipart/related; boundary=i\r\n\r\n--i\r\rone\r--i--\r"
    let text =
      "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n" + inner
      + "\r\n--o\r\n\r\ntwo\r\n--o--\r\n"
    let message = MailMessage(Array(text.utf8))
    #expect(
      message.outline == [
        "1 multipart/mixed", "1.1 multipart/related", "1.1.1 text/plain one",
        "1.2 text/plain two",
      ])
    // Read with LF only, the body is one line that begins like a delimiter.
    #expect(message.anomalies == [.bareCR, .boundaryConflict])
    checkRanges(message)
  }

  @Test func nulBytes() {
    let message = MailMessage(Array("Subject: a\u{0}b\r\n\r\nx\u{0}\r\n".utf8))
    #expect(message.anomalies == [.nul])
    #expect(message.decoded("subject") == "a\u{0}b")
    #expect(message.parts[0].anomalies == [.nul])
  }

  @Test func headerOnly() {
    let message = MailMessage.headerOnly(
      mail("Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"))
    #expect(message.parts.count == 1)
    #expect(message.headers.count == 2)
    #expect(message.parts[0].body.isEmpty)
    #expect(message.anomalies == [])
  }

  /// What dropping a part cuts out: its delimiter line, header, content and the line end after it.
  @Test func outerRanges() {
    let message = MailMessage(
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\nend\n")
    let outer = message.parts.map { text(message.bytes[$0.outer]) }
    #expect(outer[1] == "--b\r\n\r\none\r\n")
    #expect(outer[2] == "--b\r\n\r\ntwo\r\n")
    #expect(outer[0].utf8.count == message.bytes.count)
    #expect(message.parts[0].children == [1, 2])
    #expect(message.parts[2].parent == 0 && message.parts[2].depth == 1)
  }

  @Test func fieldRanges() throws {
    let message = MailMessage(text: "A: b\n c\nSubject : x\n\n")
    let field = try #require(message.firstField(named: "a"))
    #expect(text(message.bytes[field.line]) == "A: b\r\n c\r\n")
    #expect(text(message.bytes[field.value]) == " b\r\n c")
    #expect(message.fields(named: "SUBJECT").map { text(message.bytes[$0.name]) } == ["Subject"])
    #expect(message.firstField(named: "subjec") == nil)
    #expect(message.headerEnd == message.bytes.count)
  }
}
