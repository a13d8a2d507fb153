// Edits that change what a part is: its name, its type, what it stands in.

import MailEdits
import MailMessage
import Testing

@Suite struct StructureEditTests {
  /// A message with one attachment that has this header.
  private static func attached(_ header: String) -> String {
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n\(header)\n\nQUJD\n--b--\n"
  }

  // MARK: Names

  @Test(arguments: [
    (
      "Content-Type: application/x-dosexec; name=\"a.exe\"\nContent-Transfer-Encoding: base64",
      """
      Content-Type: application/x-dosexec; name="b.txt"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="b.txt"
      """
    ),
    (
      "Content-Type: text/plain; charset=koi8-r; format=flowed\n"
        + "Content-Disposition: inline; filename*0*=utf-8''a; filename*1=.exe; size=3\nX-Own: kept",
      """
      Content-Type: text/plain; charset="koi8-r"; format="flowed"; name="b.txt"
      Content-Disposition: inline; size="3"; filename="b.txt"
      X-Own: kept
      """
    ),
    (
      "Content-Type: image/png; NAME==?utf-8?q?a=2Eexe?=\nContent-Description: =?utf-8?q?a=2Eexe?=",
      """
      Content-Type: image/png; name="b.txt"
      Content-Description: b.txt
      Content-Disposition: inline; filename="b.txt"
      """
    ),
    (
      "Content-Type: a/b; filename=x.exe\nContent-Disposition: attachment; name=y.exe\n"
        + "Content-Disposition: attachment; filename=z.exe\nContent-Description: A page",
      """
      Content-Type: a/b; name="b.txt"
      Content-Disposition: attachment; filename="b.txt"
      Content-Description: A page
      """
    ),
  ])
  func rename(_ header: String, _ expected: String) throws {
    let source = Self.attached(header)
    let renamed = try body(source, "1.2", .rename("b.txt"))
    #expect(renamed == "--b\n\nhello\n--b\n\(expected)\n\nQUJD\n--b--\n")
    let read = mail("Content-Type: multipart/mixed; boundary=b\n\n" + (renamed ?? ""))
    #expect(read.parts[2].names == ["b.txt"])
  }

  @Test func aPathIsNoName() throws {
    let read = mail(
      "Content-Type: multipart/mixed; boundary=b\n\n"
        + (try body(Self.attached("Content-Type: a/b"), "1.2", .rename("../x\\y.txt")) ?? ""))
    #expect(read.parts[2].names == [".._x_y.txt"])
  }

  /// The top's own header: the MTA is told, and the body stays.
  @Test func renameTheWhole() {
    let message = mail("Content-Type: a/b; name=x.exe\nContent-Length: 4\n\nQUJD\n")
    let edited = EditPlan { $0.edit(part: 0, .rename("b.txt")) }.apply(to: message)
    #expect(edited.newBody == nil)
    #expect(
      edited.headerChanges == [
        .change(name: "Content-Type", occurrence: 1, value: "a/b; name=\"b.txt\""),
        .add(name: "Content-Disposition", value: "attachment; filename=\"b.txt\""),
        .add(name: "MIME-Version", value: "1.0"),
      ])
  }

  // MARK: Types

  @Test(arguments: [
    (
      "Content-Type: text/html; charset=koi8-r; name=a.html; x=y", "text/plain",
      "Content-Type: text/plain; charset=\"koi8-r\"; name=\"a.html\""
    ),
    (
      "Content-Type: text/html; charset=koi8-r", "application/octet-stream; x=\"y z\"",
      "Content-Type: application/octet-stream; x=\"y z\""
    ),
    ("X-Own: kept", "text/csv", "X-Own: kept\nContent-Type: text/csv"),
    ("X-Own: kept", "nonsense", "X-Own: kept\nContent-Type: application/octet-stream"),
  ])
  func settype(_ header: String, _ type: String, _ expected: String) throws {
    #expect(
      try body(Self.attached(header), "1.2", .settype(type))
        == "--b\n\nhello\n--b\n\(expected)\n\nQUJD\n--b--\n")
  }

  @Test(arguments: ["multipart/mixed", "message/rfc822"])
  func aLeafDoesNotBecomeAContainer(_ type: String) {
    let message = mail(Self.attached("Content-Type: text/plain"))
    let edited = EditPlan { $0.edit(part: 2, .settype(type)) }.apply(to: message)
    #expect(edited.isUnchanged && edited.refusals == [.type(type, part: 2)])
  }

  @Test func aMultipartBecomesAnother() {
    let message = mail("Content-Type: multipart/alternative; boundary=b\n\n--b\n\nx\n--b--\n")
    let edited = EditPlan { $0.edit(part: 0, .settype("multipart/mixed")) }.apply(to: message)
    #expect(edited.newBody == nil)
    #expect(
      MailMessage(edited.bytes()).parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain",
      ]
    )
  }

  // MARK: Enclosing

  @Test func encloseAPart() throws {
    let enclosure = Enclosure(
      text: Array("look out".utf8), subject: Array("odd".utf8),
      fields: [try #require(Enclosure.Field(Array("X-Why: a\r\nBcc: b".utf8)))])
    let source = Self.attached("Content-Type: a/b; name=\"a.exe\"")
    let message = mail(source)
    let read = MailMessage(
      EditPlan { $0.edit(part: 2, .enclose(enclosure)) }.apply(to: message).bytes())
    #expect(
      read.parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain", "multipart/mixed", "text/plain", "message/rfc822", "a/b",
      ])
    #expect(read.decoded(3) == "look out\r\n")
    #expect(read.value("Subject", in: 5) == "odd" && read.value("X-Why", in: 5) == "a Bcc: b")
    #expect(Array(read.bytes[read.parts[5].body]) == crlf("QUJD"))
    #expect(read.anomalies.isEmpty)
  }

  /// The message as it came is inside, byte by byte; mail servers go on reading its header.
  @Test func encloseTheMessage() {
    let source = "Received: a\nSubject: old\nContent-Type: text/html\n\n<p>ü</p>\n"
    let edited = EditPlan {
      $0.edit(part: 0, .enclose(Enclosure(text: Array("t".utf8), subject: Array("new".utf8))))
    }.apply(to: mail(source))
    let read = MailMessage(edited.bytes())
    #expect(read.value("Subject") == "new" && read.value("Received") == "a")
    #expect(read.value("Content-Transfer-Encoding") == "8bit")
    #expect(
      read.parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain", "message/rfc822", "text/html",
      ])
    #expect(Array(read.bytes[read.parts[2].body]) == crlf(source))
  }

  // MARK: Whole parts, alternatives

  @Test func aWholePartTakesItsFieldsAlong() throws {
    var whole = Replacement(
      text: Array("Subject: no\nContent-Type: text/html; x=y\n\n<p>ü --\n--b\n</p>".utf8))
    whole.isWholePart = true
    let read = MailMessage(
      EditPlan { $0.edit(part: 2, .replace(whole)) }
        .apply(to: mail(Self.attached("Content-Type: a/b"))).bytes())
    #expect(read.parts.count == 3)
    #expect(read.value("Content-Type", in: 2) == "text/html; x=\"y\"; charset=\"utf-8\"")
    #expect(read.value("Subject", in: 2) == nil)
    #expect(read.decoded(2) == "<p>ü --\r\n--b\r\n</p>\r\n")
  }

  @Test func theWholeMessageIsReplacedByAWholePart() {
    var whole = Replacement(
      text: Array(
        """
        Content-Type: multipart/alternative; boundary=q

        --q

        t
        --q
        Content-Type: text/html

        h

        """.utf8))
    whole.isWholePart = true
    whole.subject = Array("new".utf8)
    let read = MailMessage(
      EditPlan { $0.edit(part: 0, .replace(whole)) }.apply(to: mail("Subject: old\n\nx\n")).bytes())
    #expect(
      read.parts.map(\.contentType.name) == ["multipart/alternative", "text/plain", "text/html"])
    #expect(read.value("Subject") == "new" && read.anomalies.isEmpty)
  }

  static let alternative = """
    Content-Type: multipart/mixed; boundary=m

    --m
    Content-Type: multipart/alternative; boundary=a

    --a

    plain
    --a
    Content-Type: multipart/related; boundary=r

    --r
    Content-Type: text/html

    <p>html</p>
    --r
    Content-Type: image/png

    p
    --r--
    --a--
    --m
    Content-Type: application/pdf

    %PDF
    --m--

    """

  @Test(arguments: ["1.1.1", "1.1.2", "1.1.2.1"])
  func alternativesGo(_ path: String) throws {
    let message = mail(Self.alternative)
    var new = Replacement(text: Array("new".utf8))
    new.takesAlternatives = true
    let part = try message.part(at: path)
    let read = MailMessage(
      EditPlan { $0.edit(part: part, .replace(new)) }.apply(to: message).bytes())
    let leaves = read.parts.indices.filter { !read.parts[$0].isContainer }
    let isRelated = path == "1.1.2.1"
    #expect(
      leaves.map { read.decoded($0) }
        == (isRelated ? ["new\r\n", "p", "%PDF"] : ["new\r\n", "%PDF"]))
    #expect(read.anomalies.isEmpty)
  }

  // MARK: Redundant HTML

  @Test(arguments: ["1", "1.1", "1.1.2", "1.1.2.1"])
  func htmlThatSaysTheSameGoes(_ path: String) throws {
    let message = mail(Self.alternative)
    let part = try message.part(at: path)
    let edited = EditPlan { $0.edit(part: part, .stripRedundantHTML) }.apply(to: message)
    #expect(
      text(edited.newBody) == "--m\n\nplain\n--m\nContent-Type: application/pdf\n\n%PDF\n--m--\n")
  }

  @Test func theTopBecomesTheTextThatIsLeft() {
    let message = mail(
      """
      Subject: x
      Content-Type: multipart/alternative; boundary=a
      MIME-Version: 1.0

      --a
      Content-Type: text/plain; charset=koi8-r
      Content-ID: <x@y>

      plain
      --a
      Content-Type: text/html

      h
      --a--
      """)
    let edited = EditPlan { $0.edit(part: 0, .stripRedundantHTML) }.apply(to: message)
    #expect(
      text(edited.bytes()) == """
        Subject: x
        Content-Type: text/plain; charset=koi8-r
        MIME-Version: 1.0
        Content-ID: <x@y>

        plain
        """)
  }

  /// A blank text says nothing; a calendar is no text; HTML with a file in it is more than HTML.
  @Test(arguments: [
    Self.alternative.replacing("plain\n", with: "  \n"),
    Self.alternative.replacing("--a\n\nplain", with: "--a\nContent-Type: text/calendar\n\nplain"),
    Self.alternative.replacing("image/png", with: "application/pdf"),
    Self.alternative.replacing("multipart/alternative", with: "multipart/mixed"),
  ])
  func htmlThatSaysMoreStays(_ source: String) {
    let edited = EditPlan { $0.edit(part: 0, .stripRedundantHTML) }.apply(to: mail(source))
    #expect(edited.isUnchanged)
  }

  // MARK: New parts

  @Test func partsGoIntoTheTop() {
    let message = mail(
      "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\none\n--b--\nepilogue\n")
    let edited = EditPlan {
      $0.edit(message: .addPart(Replacement(text: Array("z".utf8), name: "z.txt"), first: false))
      $0.edit(message: .addPart(Replacement(text: Array("a".utf8)), first: true))
    }.apply(to: message)
    #expect(
      text(edited.newBody) == """
        pre
        --b
        \(written("a"))
        --b

        one
        --b
        Content-Type: text/plain; charset=utf-8; name="z.txt"
        Content-Transfer-Encoding: 7bit
        Content-Disposition: inline; filename="z.txt"

        z

        --b--
        epilogue

        """)
  }

  @Test(arguments: ["\n--b\n\none", "\n--b\n\none\n", "\npre\n--b\n\none\n--b\n\ntwo"])
  func partsBehindAMultipartWithoutEnd(_ source: String) {
    let message = mail("Content-Type: multipart/mixed; boundary=b\n" + source)
    let edited = EditPlan {
      $0.edit(message: .addPart(Replacement(text: Array("z".utf8)), first: false))
    }.apply(to: message)
    let read = MailMessage(edited.bytes())
    #expect(read.parts.count == message.parts.count + 1 && read.anomalies.isEmpty)
    for index in message.parts.indices.dropFirst() {
      #expect(read.decoded(index) == message.decoded(index))
    }
    #expect(read.decoded(read.parts.count - 1) == "z\r\n")
  }

  @Test func partsWrapAnotherTop() {
    let message = mail("Subject: x\nContent-Type: text/html\n\n<p>\n")
    let edited = EditPlan {
      $0.edit(message: .addPart(Replacement(text: Array("z".utf8)), first: false))
      $0.edit(message: .addPart(Replacement(text: Array("a".utf8)), first: true))
    }.apply(to: message)
    let read = MailMessage(edited.bytes())
    #expect(
      read.parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain", "text/html", "text/plain",
      ])
    #expect(read.decoded(2) == "<p>\r\n" && read.anomalies.isEmpty)
  }

  @Test func nothingButNewParts() {
    let edited = EditPlan {
      $0.edit(part: 0, .drop)
      $0.edit(message: .addPart(Replacement(text: Array("z".utf8)), first: false))
      $0.edit(message: .addPart(Replacement(text: Array("a".utf8)), first: true))
    }.apply(to: mail("Content-Type: a/b\n\nx\n"))
    let read = MailMessage(edited.bytes())
    #expect(read.parts.count == 3 && read.decoded(1) == "a\r\n" && read.decoded(2) == "z\r\n")
  }

  // MARK: Conflicts

  @Test func whatIsTakenBackWasNeverOrdered() {
    let message = mail(PartEditTests.mixed)
    var plan = EditPlan {
      $0.edit(part: 4, gone, record: 1)
      $0.edit(part: 4, .drop, record: 2)
      $0.edit(message: .addPart(Replacement(text: [0x61]), first: true), record: 3)
    }
    plan.takeBack(record: 2)
    plan.takeBack(record: 3)
    let one = EditPlan { $0.edit(part: 4, gone) }
    #expect(plan.apply(to: message).bytes() == one.apply(to: message).bytes())
    plan.takeBack(part: 4)
    #expect(plan.apply(to: message).isUnchanged)
  }

  @Test func laterEditsAreMadeOnWhatIsThere() {
    let message = mail(PartEditTests.mixed)
    let edited = EditPlan {
      $0.edit(part: 4, .rename("x.txt"))
      $0.edit(part: 4, gone)
      $0.edit(part: 4, .rename("y.txt"))
      $0.edit(part: 4, .rename("z.txt"))
      $0.edit(part: 4, .settype("text/csv"))
      $0.edit(part: 2, .drop)
      $0.edit(part: 2, .rename("n"))
    }.apply(to: message)
    let read = MailMessage(edited.bytes())
    #expect(read.parts.count == 4)
    #expect(read.parts[3].names == ["z.txt"] && read.parts[3].contentType.name == "text/csv")
  }

  /// Siblings of an edit inside of an attached message keep their bytes.
  @Test func insideOfAnAttachedMessage() throws {
    let source = OddStructureTests.attached
    let message = mail(source)
    let part = try message.part(at: "1.1.1.1")
    let edited = EditPlan { $0.edit(part: part, .rename("n.txt")) }.apply(to: message)
    #expect(
      text(edited.newBody) == """
        --b
        Content-Type: message/rfc822

        Subject: inner
        Content-Type: multipart/mixed; boundary=in
        X-Last: z

        --in
        Content-Type: text/plain; name="n.txt"
        Content-Disposition: inline; filename="n.txt"

        one
        --in--
        --b--

        """)
  }
}
