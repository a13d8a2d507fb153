// Readings besides that of the standards: what they add, that they add nothing to plain mail, and
// that their number and cost are bounded.

import MailMessage
import Testing

@Suite struct ReadingTests {
  /// A part of HTML in base64; `header` declares the encoding, in some way.
  private func divided(_ header: String) -> String {
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(header)\n\nPGI+aGVsbG88L2I+\n--b--\n"
  }

  @Test(arguments: hidingTypes)
  func hiddenMultipart(_ type: String) {
    let message = MailMessage(
      text: "Content-Type: \(type)\n\n--b\n\nx\n--b\nContent-Type: text/html\n\n<p>\n--b--\n")
    #expect(message.outline.contains { $0.hasSuffix("1.2 text/html <p>") })
    checkRanges(message)
  }

  @Test(arguments: hidingEncodings)
  func hiddenEncoding(_ header: String) {
    let message = MailMessage(text: divided(header))
    let contents = message.parts.indices.map { message.content(of: $0) }
    #expect(contents.contains("<b>hello</b>"), "\(message.outline)")
    checkRanges(message)
  }

  @Test(arguments: returnCases)
  func bareReturns(_ text: String) {
    let message = MailMessage(Array(text.utf8))
    #expect(message.outline.contains { $0.contains("text/html <p>") }, "\(message.outline)")
    #expect(message.anomalies.contains(.bareCR))
    checkRanges(message)
  }

  @Test func decodedBuffer() throws {
    let message = MailMessage(text: Self.nestedCases[0].text)
    let found = try #require(message.parts.last)
    #expect(!found.isInMessage && found.target == 0 && found.body.count == 3)
    #expect(found.fields.map { text(found.bytes[$0.value]) } == [" text/html"])
  }

  @Test(arguments: boundaryCases + nestedCases + strayCases)
  func others(_ example: ReadingCase) {
    let message = MailMessage(text: example.text)
    #expect(message.outline.filter { $0.hasPrefix("[") } == example.others)
    for anomaly in example.anomalies { #expect(message.anomalies.contains(anomaly)) }
    #expect(message.limitsHit.isEmpty)
    checkRanges(message)
  }

  @Test(arguments: plainCases + innocentCases)
  func nothingElse(_ text: String) {
    let message = MailMessage(text: text)
    #expect(message.parts.allSatisfy { $0.reading == 0 })
    #expect(message.anomalies.isEmpty)
    checkRanges(message)
  }

  @Test func edgesOfOtherReadings() throws {
    let message = MailMessage(
      text: "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed;\n"
        + " (boundary=b)\n\n--b\nContent-Type: text/html\n\n<p>\n--b--\n--a--\n")
    let found = try #require(message.parts.last)
    #expect(found.path == "1.1.1" && found.reading == 1 && found.target == 1)
    let parent = try #require(found.parent)
    #expect(message.parts[parent].path == "1.1" && message.parts[parent].parent == 0)
    #expect(message.parts[parent].children == [message.parts.count - 1])
    #expect(message.parts[0].children == [1])
    #expect(message.parts[1].structuralAnomalies.contains(.hiddenPart))
    #expect(message.family(of: 0) == Array(message.parts.indices))
    #expect(message.family(of: 1) == [1, 2])
  }

  /// Lines that look like delimiters to people only.
  @Test(arguments: oddLines)
  func oddLine(_ line: String, _ anomaly: Anomaly) {
    let message = MailMessage(
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n\(line)\ny\n--b--\n")
    #expect(message.anomalies.contains(anomaly))
  }

  /// Where lines end with CRLF, some programs see none in a bare LF.
  @Test func emptyLineOfBareLineFeed() {
    let head = "Subject: a\r\n"
    let fields = "\nContent-Type: text/html\r\n\r\n<p>"
    let message = MailMessage(Array((head + fields).utf8))
    #expect(message.outline.last == "[1] 1 text/html <p>")
    #expect(message.anomalies.contains(.headerEndConflict))
    let plain = MailMessage(Array("Subject: a\n\nContent-Type: text/html\n\n<p>".utf8))
    #expect(plain.parts.count == 1)
  }

  /// RFC 6532 §3.7 lets this one type of message be encoded.
  @Test func encodedGlobalMessage() {
    let message = MailMessage(
      text: "Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n"
        + "Q29udGVudC1UeXBlOiB0ZXh0L2h0bWwNCg0KPHA+")
    #expect(message.outline == ["1 message/global", "1.1 text/html <p>"])
    #expect(message.anomalies.isEmpty && message.parts[0].children == [1])
    #expect(!message.parts[1].isInMessage && message.parts[1].target == 0)
    checkRanges(message)
  }
}
