// Files inside of texts and of TNEF as parts: where they come to stand, and within which limits.

import MailMessage
import Testing

@Suite struct EmbeddedPartTests {
  /// "#!/bin" in uuencode.
  private static let file = "begin 644 a.sh\n&(R$O8FEN\n`\nend\n"

  private func expectFile(_ message: MailMessage, path: String, target: Int) throws {
    let index = try #require(message.parts.firstIndex { $0.givenNames == ["a.sh"] })
    let part = message.parts[index]
    #expect(part.path == path && part.target == target && part.reading == 0)
    #expect(!part.isInMessage && part.fields.isEmpty && !part.isTypeDeclared)
    #expect(part.contentType.name == "application/octet-stream")
    #expect(message.content(of: index) == "#!/bin")
    let holder = try #require(part.parent)
    #expect(message.parts[holder].children.isEmpty && part.depth == message.parts[holder].depth + 1)
    checkRanges(message)
  }

  @Test func inText() throws {
    try expectFile(MailMessage(text: "\nHello\n\n" + Self.file), path: "1.1", target: 0)
  }

  @Test func inPart() throws {
    let text =
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\(Self.file)--b\n\nx\n--b--\n"
    let message = MailMessage(text: text)
    try expectFile(message, path: "1.1.1", target: 1)
    #expect(message.parts.map(\.path) == ["1", "1.1", "1.2", "1.1.1"])
  }

  @Test(arguments: [
    ("base64", "YmVnaW4gNjQ0IGEuc2gKJihSJE84RkVOCmAKZW5kCg=="),
    ("quoted-printable", "begin=20644 a.sh\n&(R$O8F=45N\n`\nend"),
    ("x-odd", file),
  ])
  func encoded(_ encoding: String, _ body: String) throws {
    let message = MailMessage(text: "Content-Transfer-Encoding: \(encoding)\n\n\(body)")
    try expectFile(message, path: "1.1", target: 0)
  }

  @Test func notInOtherTypes() {
    let message = MailMessage(text: "Content-Type: application/x-a\n\n" + Self.file)
    #expect(message.parts.count == 1)
  }

  /// What a text of another reading holds is found too.
  @Test func inHiddenPart() {
    let message = MailMessage(
      text: "Content-Type: multipart/mixed; (boundary=b)\n\n--b\nContent-Type: text/plain\n\n"
        + Self.file + "--b--\n")
    let found = message.parts.filter { $0.givenNames == ["a.sh"] }
    #expect(!found.isEmpty && found.allSatisfy { $0.target < 2 })
  }

  /// A message that is attached as a file is one for its name, and for what it begins with.
  @Test(arguments: [
    ("m.eml", "Subject: a\n\nx", true), ("M.EML. ", "From a b\nSubject: a\n\nx", true),
    ("m.nws", "\n\nSubject : a\n\nx", true), ("m.emlx", "120   \nSubject: a\n\nx", true),
    ("m.eml", "\u{FEFF}Subject: a\n\nx", true), ("m.eml", "1\n2\nSubject: a\n\nx", true),
    ("m.txt", "Subject: a\n\nx", false), ("eml", "Subject: a\n\nx", false),
    ("m.eml", "Dear reader,\n\nthis is no message.", false),
  ])
  func savedMessage(_ name: String, _ content: String, _ isRead: Bool) {
    let head = "Content-Type: application/x-a; name=\"\(name)\"\n"
    let plain = MailMessage(text: head + "\n" + content)
    let paths = ["1"] + (isRead ? ["1.1", "1.1.1"] : [])
    #expect(plain.parts.map(\.path) == paths)
    #expect(plain.parts.map(\.isContainer) == [false] + (isRead ? [true, false] : []))
    let escaped = content.utf8.map { format(Int($0)) }.joined()
    let encoded = MailMessage(
      text: head + "Content-Transfer-Encoding: quoted-printable\n\n" + escaped)
    #expect(encoded.parts.map(\.path) == paths)
    checkRanges(plain)
    checkRanges(encoded)
  }

  static let savedLines: [(String, Set<Anomaly>)] = [
    ("U3ViamVjdDogYQoKeAo=", []), ("U3ViamVjdDogYQ0KVG86IGIKDQp4DQo=", [.bareLF]),
  ]

  /// The line ends of Unix are nothing odd in a file, others are.
  @Test(arguments: savedLines)
  func savedLineEnds(_ content: String, _ anomalies: Set<Anomaly>) {
    let message = MailMessage(
      text: "Content-Type: application/x-a; name=a.eml\nContent-Transfer-Encoding: base64\n\n"
        + content)
    #expect(message.parts.count == 3)
    #expect(Set(message.parts.flatMap(\.anomalies)) == anomalies)
  }

  /// As quoted-printable has it.
  private func format(_ byte: Int) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "=" + (byte < 16 ? "0" : "") + digits
  }

  @Test func filesLimit() {
    var limits = MailLimits()
    limits.embeddedFilesMax = 2
    let fitting = MailMessage(text: "\n" + Self.file + Self.file, limits: limits)
    #expect(fitting.parts.count == 3 && fitting.limitsHit.isEmpty)
    let past = MailMessage(text: "\n" + Self.file + Self.file + Self.file, limits: limits)
    #expect(past.parts.count == 3 && past.limitsHit == [.embeddedFiles])
  }

  @Test func bytesLimit() {
    var limits = MailLimits()
    limits.embeddedBytesMax = 60
    let text = "\n" + Self.file
    let length = mail(Self.file).count
    limits.embeddedBytesMax = length
    #expect(MailMessage(text: text, limits: limits).limitsHit.isEmpty)
    limits.embeddedBytesMax = length - 1
    #expect(MailMessage(text: text, limits: limits).limitsHit == [.embeddedBytes])
  }

  @Test func depthAndPartsLimits() {
    var limits = MailLimits()
    limits.depthMax = 0
    #expect(MailMessage(text: "\n" + Self.file, limits: limits).limitsHit == [.depth])
    limits = MailLimits()
    limits.partsMax = 1
    #expect(MailMessage(text: "\n" + Self.file, limits: limits).limitsHit == [.parts])
  }
}
