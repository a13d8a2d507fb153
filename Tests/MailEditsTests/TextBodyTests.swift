// How the text of a rule becomes the body of a part: encoding, line ends, and that no line of it
// can be taken for structure.

import MailEdits
import MailMessage
import Testing

@Suite struct TextBodyTests {
  /// The message whose only content is this text.
  private func replaced(_ text: [UInt8], type: String = "text/plain") -> MailMessage {
    var plan = EditPlan()
    plan.edit(part: 0, .replace(Replacement(text: text, type: type)))
    return MailMessage(plan.apply(to: mail("Subject: x\n\nold\n")).bytes())
  }

  @Test(arguments: [
    ("plain", "7bit", "plain\n"), ("two\nlines\n", "7bit", "two\nlines\n"),
    ("a\r\nb\rc\nd", "7bit", "a\nb\nc\nd\n"), ("", "7bit", ""),
    ("a\tb ~", "7bit", "a\tb ~\n"),
    ("Grüße = xyz und so fort", "quoted-printable", "Gr=C3=BC=C3=9Fe =3D xyz und so fort\n"),
    ("Grüße", "base64", "R3LDvMOfZQ0K\n"),
    ("x -- y", "7bit", "x -- y\n"),
    ("--b", "quoted-printable", "=2D-b\n"), ("a\n--b", "quoted-printable", "a\n=2D-b\n"),
    ("-b", "7bit", "-b\n"), ("From here", "quoted-printable", "=46rom here\n"),
    ("Fromage", "7bit", "Fromage\n"), (".", "quoted-printable", "=2E\n"),
    ("a \nü", "quoted-printable", "a=20\n=C3=BC\n"), ("a\0b", "quoted-printable", "a=00b\n"),
    ("日本語", "base64", "5pel5pys6KqeDQo=\n"),
  ])
  func encodings(_ given: String, _ encoding: String, _ body: String) {
    let message = replaced(Array(given.utf8))
    #expect(message.value("Content-Transfer-Encoding") == encoding)
    #expect(text(Array(message.bytes[message.headerEnd...])) == body)
  }

  @Test(arguments: [998, 999])
  func longestPlainLine(_ count: Int) {
    let message = replaced([UInt8](repeating: 0x61, count: count))
    let expected = count == 998 ? "7bit" : "quoted-printable"
    #expect(message.value("Content-Transfer-Encoding") == expected)
  }

  @Test func everythingReadsBackAndNoLineIsLong() {
    var random = Random(seed: 5)
    let pieces = [
      "a", "word ", "ü", "日本", "=", "\n", "\r\n", "--b", "From ", ".", " ", "\t", "\0",
      String(repeating: "x", count: 70), String(repeating: "-", count: 80),
      String(repeating: "ü ", count: 40),
    ]
    for _ in 0..<300 {
      let count = Int.random(in: 0...40, using: &random)
      let given = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      let message = replaced(Array(given.utf8))
      var expected = given.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      if !expected.isEmpty, !expected.hasSuffix("\n") { expected += "\n" }
      #expect(text(Array(message.decoded(0).utf8)) == expected)
      for line in message.bytes[message.headerEnd...].split(separator: 0x0A) {
        #expect(line.count <= 999)
        #expect(!line.starts(with: "--".utf8) && !line.starts(with: "From ".utf8))
        if message.parts[0].encoding != .sevenBit { #expect(line.count <= 77) }
      }
    }
  }

  @Test func invalidUTF8IsRepaired() {
    #expect(replaced([0x61, 0xFF]).decoded(0) == "a\u{FFFD}\r\n")
  }

  @Test(arguments: [
    ("text/html", "text/html; charset=utf-8"),
    ("TEXT/HTML; charset=\"iso-8859-1\"; format=flowed", "text/html; charset=utf-8; format=flowed"),
    ("text/plain; x=\"a;b\"", "text/plain; charset=utf-8; x=\"a;b\""),
    ("text/plain; x=\"open", "text/plain; charset=utf-8"),
    ("text/plain\r\nBcc: x", "text/plain; charset=utf-8"),
    ("text", "text/plain; charset=utf-8"), ("", "text/plain; charset=utf-8"),
    ("multipart/mixed; boundary=x", "text/plain; charset=utf-8"),
    ("message/rfc822", "text/plain; charset=utf-8"), ("a/b/c", "text/plain; charset=utf-8"),
    ("application/json", "application/json"),
  ])
  func types(_ given: String, _ expected: String) {
    let message = replaced([0x61], type: given)
    #expect(message.value("Content-Type") == expected)
    #expect(message.decoded(0) == (expected.hasPrefix("text") ? "a\r\n" : "a"))
  }

  @Test func textIsCutAtItsLimit() {
    var limits = EditLimits()
    limits.textBytesMax = 4
    for given in ["abcd", "abcde"] {
      var plan = EditPlan(limits: limits)
      plan.edit(part: 0, .replace(Replacement(text: Array(given.utf8))))
      #expect(text(plan.apply(to: mail("A: b\n\nold\n")).newBody) == "abcd\n")
    }
  }

  @Test(arguments: [
    "a.txt", "with \"quotes\" and \\.txt", "Grüße.txt", "日本語の名前がとても長いファイル.docx",
    String(repeating: "n", count: 54), String(repeating: "n", count: 55),
    String(repeating: "n", count: 255), "per%cent'.txt", "a b;c=d.txt",
  ])
  func namesReadBack(_ name: String) {
    var plan = EditPlan()
    plan.edit(
      part: 0, .replace(Replacement(text: [0x61], name: name, disposition: "attachment")))
    let bytes = plan.apply(to: mail("A: b\n\nold\n")).bytes()
    let message = MailMessage(bytes)
    // A backslash parts folders, whatever is meant by it.
    #expect(message.parts[0].names == [name.replacing("\\", with: "_")])
    #expect(message.parts[0].disposition == "attachment")
    #expect(message.parts[0].anomalies == [])
    for line in bytes.split(separator: 0x0A) { #expect(line.count <= 79) }
  }

  @Test func namesAndDispositionsDoNotInject() {
    var plan = EditPlan()
    let name = "x\r\nBcc: a@example.org\r\n\r\n" + String(repeating: "ü", count: 200)
    plan.edit(part: 0, .replace(Replacement(text: [0x61], name: name, disposition: "a\r\nB: c")))
    let message = MailMessage(plan.apply(to: mail("A: b\n\nold\n")).bytes())
    #expect(message.value("Bcc") == nil && message.value("B") == nil)
    #expect(message.parts[0].disposition == "inline")
    #expect(message.parts[0].names.allSatisfy { $0.utf8.count <= 255 })
    #expect(message.decoded(0) == "a\r\n")
  }
}
