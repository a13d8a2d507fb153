// Rewrites of content as they stand in a message: charset, encoding, header. What each does to the
// content is tested with ContentEdits.

import MailEdits
import MailMessage
import Testing

@Suite struct ContentRewriteTests {
  private static func date() -> CivilDate { CivilDate(daysSince1970: 20_000) }

  // MARK: Disclaimers

  /// Header and body of a message with one text, before and after.
  @Test(arguments: [
    ("A: b\n\nhello\n", "x", "A: b\n\nhello\nx\n"),
    ("A: b\n\nhello", "x", "A: b\n\nhello\nx\n"),
    // In the charset that it has.
    (
      "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n"
        + "\n=FC\n", "ä",
      "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n"
        + "\n=FC\n=E4\n"
    ),
    (
      "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8Q==\n", "Я",
      "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8Q0K8Q0K\n"
    ),
    // Or in UTF-8, all of it.
    (
      "Content-Type: text/plain; charset=iso-8859-1; format=flowed\n"
        + "Content-Transfer-Encoding: quoted-printable\n\n=FC\n", "Я",
      "Content-Type: text/plain; format=\"flowed\"; charset=\"utf-8\"\n"
        + "Content-Transfer-Encoding: quoted-printable\nMIME-Version: 1.0\n\n=C3=BC\n=D0=AF\n"
    ),
    (
      "A: b\n\nhello\n", "Я",
      "A: b\nContent-Type: text/plain; charset=\"utf-8\"\n"
        + "Content-Transfer-Encoding: quoted-printable\nMIME-Version: 1.0\n\nhello\n=D0=AF\n"
    ),
    // Nobody knows that charset: what it has is not touched.
    (
      "Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: quoted-printable\n"
        + "\n=FC\n", "Яx",
      "Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: quoted-printable\n"
        + "\n=FC\n?x\n"
    ),
    // 8-bit where it was.
    (
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nü\n", "ä",
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nü\nä\n"
    ),
    // A signature's dashes could be a delimiter's.
    (
      "A: b\n\nhello\n", "--\nAnn",
      "A: b\nContent-Transfer-Encoding: quoted-printable\nMIME-Version: 1.0\n\n"
        + "hello\n=2D-\nAnn\n"
    ),
  ])
  func disclaimersInText(_ source: String, _ new: String, _ expected: String) {
    let edited = EditPlan {
      $0.edit(
        message: .disclaimer(Insertion(text: Array(new.utf8), html: nil), all: false))
    }.apply(to: mail(source))
    #expect(text(edited.bytes()) == expected)
    #expect(edited.refusals.isEmpty)
  }

  @Test(arguments: [
    ("<html><body>hi</body></html>", "<p>x</p>", "<html><body>hi<p>x</p>\n</body></html>"),
    ("hi", "<p>x</p>", "hi<p>x</p>\n"),
  ])
  func disclaimersInHTML(_ page: String, _ new: String, _ expected: String) {
    let edited = EditPlan {
      $0.edit(message: .disclaimer(Insertion(text: [0x61], html: Array(new.utf8)), all: false))
    }.apply(to: mail("Content-Type: text/html\n\n\(page)"))
    #expect(text(edited.newBody) == expected)
  }

  @Test func aPageThatBecomesUTF8SaysSo() {
    let message = mail(
      "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
        + "<meta charset=3Diso-8859-1><body>=FC</body>")
    let edited = EditPlan {
      $0.edit(message: .disclaimer(Insertion(text: nil, html: Array("Я".utf8)), all: false))
    }.apply(to: message)
    let read = MailMessage(edited.bytes())
    #expect(read.parts[0].charset == "utf-8")
    #expect(read.decoded(0).hasPrefix("<meta charset=utf-8><body>üЯ"))
  }

  private static let several = """
    Content-Type: multipart/mixed; boundary=m

    --m
    Content-Type: multipart/alternative; boundary=a

    --a

    one
    --a
    Content-Type: text/html

    two
    --a--
    --m
    Content-Type: text/plain; name=file.txt

    three
    --m
    Content-Disposition: attachment

    four
    --m
    Content-Type: multipart/signed; boundary=s

    --s

    five
    --s--
    --m
    Content-Type: message/rfc822

    A: b

    six
    --m

    seven
    --m--

    """

  @Test(arguments: [(false, ["one", "two"]), (true, ["one", "two", "seven"])])
  func onlyWhatIsRead(_ all: Bool, _ changed: [String]) {
    let message = mail(Self.several)
    let insertion = Insertion(text: Array("X".utf8), html: Array("X".utf8))
    let edited = EditPlan {
      $0.edit(message: .disclaimer(insertion, all: all))
      $0.edit(message: .disclaimer(insertion, all: all))
    }.apply(to: message)
    let read = MailMessage(edited.bytes())
    for index in message.parts.indices where !message.parts[index].isContainer {
      let old = message.decoded(index)
      let isChanged = changed.contains { old.hasPrefix($0) }
      #expect((read.decoded(index) != old) == isChanged, "\(old)")
      #expect(read.decoded(index).count { $0 == "X" } == (isChanged ? 1 : 0))
    }
  }

  @Test(arguments: [("hello", true), ("say Example Ltd.", false)])
  func notWhereTheMarkIs(_ content: String, _ isDone: Bool) {
    let insertion = Insertion(text: Array("X".utf8), html: nil, mark: Array("Example Ltd".utf8))
    let edited = EditPlan { $0.edit(message: .disclaimer(insertion, all: false)) }
      .apply(to: mail("A: b\n\n\(content)\n"))
    #expect(edited.isUnchanged != isDone)
  }

  @Test func aMessageWithoutTextIsLeftAlone() {
    let edited = EditPlan {
      $0.edit(message: .disclaimer(Insertion(text: [0x61], html: nil), all: true))
    }.apply(to: mail("Content-Type: application/pdf\n\nx\n"))
    #expect(edited.isUnchanged && edited.refusals == [.noText])
  }

  // MARK: Warnings and links

  @Test func warningsInText() {
    let message = mail(Self.several)
    var plan = EditPlan {
      $0.warn("1 < 2")
      $0.warn("second")
    }
    plan.style = WarningStyle(place: .inline, preamble: Array("Take care:".utf8))
    let read = MailMessage(plan.apply(to: message).bytes())
    #expect(read.parts.count == message.parts.count)
    let rule = String(repeating: "_", count: 40)
    #expect(
      read.decoded(2).replacing("\r\n", with: "\n") == """
        one

        \(rule)

        Take care:

        1 < 2

        second

        """)
    #expect(read.decoded(3).contains("1 &lt; 2"))
  }

  @Test func warningsWithoutATextGetTheirOwnPart() {
    var plan = EditPlan { $0.warn("w") }
    plan.style = WarningStyle(place: .inline)
    let read = MailMessage(
      plan.apply(to: mail("Content-Type: application/pdf\n\nx\n")).bytes())
    #expect(read.parts.count == 3 && read.decoded(1) == "w\r\n")
  }

  @Test func warningsAtTheEnd() {
    var plan = EditPlan { $0.warn("w") }
    plan.style = WarningStyle(place: .last, preamble: Array("p\n".utf8))
    let read = MailMessage(plan.apply(to: mail("A: b\n\nx\n")).bytes())
    #expect(read.decoded(1) == "x\r\n" && read.decoded(2) == "p\r\n\r\nw\r\n")
  }

  @Test func oneListOfLinks() {
    let plan = EditPlan {
      $0.edit(message: .link(Array("a.zip: https://f.example/1".utf8)))
      $0.edit(message: .link(Array("b.zip: https://f.example/2?x&y".utf8)))
    }
    let read = MailMessage(plan.apply(to: mail(Self.several)).bytes())
    #expect(
      read.decoded(2).hasSuffix("a.zip: https://f.example/1\r\nb.zip: https://f.example/2?x&y\r\n"))
    #expect(
      read.decoded(3).contains(
        "b.zip: <a href=\"https://f.example/2?x&amp;y\">https://f.example/2?x&amp;y</a>"))
  }

  // MARK: Rewrites

  private static func part(_ header: String, _ content: String) -> String {
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(header)\n\n\(content)\n--b--\n"
  }

  private static func rewritten(_ source: String, _ rewrites: ContentRewrite...) -> MailMessage {
    MailMessage(
      EditPlan { for one in rewrites { $0.edit(part: 1, .rewrite(one)) } }
        .apply(to: mail(source)).bytes())
  }

  @Test func sanitisedPagesAreUTF8() {
    let read = Self.rewritten(
      Self.part(
        "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable",
        "<p onclick=3D\"x\">=FC<script>x</script></p>"), .sanitizeHTML(links: .keep))
    #expect(read.parts[1].charset == "utf-8")
    #expect(read.decoded(1).contains("ü") && !read.decoded(1).contains("script"))
    #expect(read.parts[1].encodingName == "quoted-printable")
  }

  @Test func textOfAPage() {
    let read = Self.rewritten(
      Self.part("Content-Type: text/html; name=\"a.html\"", "<p>hi <b>there</b></p>"), .htmlToText)
    #expect(read.parts[1].contentType == .plainText && read.parts[1].names == ["a.txt"])
    #expect(read.decoded(1) == "hi there\r\n")
  }

  @Test(arguments: [
    ("text/html", "<a href=\"https://e.example/?utm_source=x\">y</a>"),
    ("text/plain", "see https://e.example/?utm_source=x"),
  ])
  func trackingGoesAndAllElseStays(_ type: String, _ content: String) {
    let source = Self.part("Content-Type: \(type)\nX-Own: 1", content)
    let expected = source.replacing("?utm_source=x", with: "")
    #expect(text(Self.rewritten(source, .stripTracking).bytes) == expected)
    #expect(text(Self.rewritten(expected, .stripTracking).bytes) == expected)
  }

  @Test func archives() {
    let content = String(repeating: "all the same\n", count: 200)
    let source = Self.part("Content-Type: text/csv; name=\"a.csv\"; charset=utf-8", content)
    let read = Self.rewritten(source, .compress(name: nil, modified: Self.date()))
    #expect(read.value("Content-Type", in: 1) == "application/zip; name=\"a.csv.zip\"")
    #expect(read.value("Content-Disposition", in: 1) == "attachment; filename=\"a.csv.zip\"")
    #expect(read.decoded(1).hasPrefix("PK"))
    // What does not get smaller stays.
    for small in ["x", ""] {
      let source = Self.part("Content-Type: text/csv; name=\"a.csv\"", small)
      let read = Self.rewritten(source, .compress(name: "z.zip", modified: Self.date()))
      #expect(text(read.bytes) == source)
    }
  }

  @Test func programsGetWhatIsThere() throws {
    let message = mail(Self.part("Content-Type: text/html\nContent-MD5: x", "<p>hi</p>"))
    var plan = EditPlan {
      $0.edit(part: 1, .rewrite(.htmlToText), record: 0)
      $0.edit(part: 1, .rewrite(.program("p", output: nil)), record: 1)
    }
    #expect(
      plan.content(before: 0, in: message).map { String(decoding: $0, as: UTF8.self) }
        == "<p>hi</p>")
    #expect(
      plan.content(before: 1, in: message).map { String(decoding: $0, as: UTF8.self) } == "hi\n")
    #expect(MailMessage(plan.apply(to: message).bytes()).decoded(1) == "hi\r\n")
    plan.setOutput(Array("HI".utf8), record: 1)
    let read = MailMessage(plan.apply(to: message).bytes())
    #expect(read.decoded(1) == "HI\r\n" && read.value("Content-MD5", in: 1) == nil)
  }

  @Test func replacedTextsAreRewrittenToo() {
    let message = mail(Self.part("Content-Type: a/b", "x"))
    let edited = EditPlan {
      $0.replace(1, "<p>hi<script>x</script></p>", type: "text/html")
      $0.edit(part: 1, .rewrite(.sanitizeHTML(links: .remove)))
      $0.edit(part: 1, .rewrite(.htmlToText))
    }.apply(to: message)
    #expect(MailMessage(edited.bytes()).decoded(1) == "hi\r\n")
  }

  // MARK: PGP in a text

  @Test(arguments: [
    (
      "-----BEGIN PGP SIGNED MESSAGE-----\nhi\n-----BEGIN PGP SIGNATURE-----\nx\n"
        + "-----END PGP SIGNATURE-----\n", EditRefusal.signed(part: 0)
    ),
    ("x\n-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----\n", .encrypted(part: 0)),
  ])
  func armourIsASeal(_ content: String, _ refusal: EditRefusal) {
    for encoding in ["7bit", "quoted-printable"] {
      let source = "Content-Transfer-Encoding: \(encoding)\n\n\(content)"
      let message = mail(source)
      let plan = EditPlan {
        $0.edit(part: 0, gone)
        $0.edit(message: .disclaimer(Insertion(text: [0x61], html: nil), all: false))
        $0.warn("w")
      }
      let edited = plan.apply(to: message)
      #expect(edited.isUnchanged && edited.refusals == [refusal])
    }
    let quoted = content.split(separator: "\n").map { "> \($0)" }.joined(separator: "\n")
    #expect(!EditPlan { $0.edit(part: 0, gone) }.apply(to: mail("A: b\n\n\(quoted)")).isUnchanged)
    let broken = EditPlan { $0.edit(part: 0, gone, breaksSignature: true) }
    #expect(text(broken.apply(to: mail("A: b\n\n\(content)")).newBody) == "gone\n")
  }
}
