// Warnings: one text part, first in the top multipart/mixed, which is made where there is none.

import MailEdits
import MailMessage
import Testing

@Suite struct WarningTests {
  static func warning(_ text: String) -> String {
    """
    Content-Type: text/plain; charset=utf-8; name="warning.txt"
    Content-Transfer-Encoding: 7bit
    Content-Disposition: inline; filename="warning.txt"

    \(text)

    """
  }

  @Test func firstInMixed() {
    let message = mail(
      "Content-Type: multipart/mixed; boundary=b\nLines: 9\n\npreamble\n--b  \n\none\n--b--\n")
    let plan = EditPlan {
      $0.warn("first")
      $0.warn("second\n")
    }
    let edited = plan.apply(to: message)
    let inserted = Self.warning("first\n\nsecond")
    #expect(
      text(edited.newBody) == "preamble\n--b\n\(inserted)\n--b  \n\none\n--b--\n")
    #expect(edited.headerChanges == [.change(name: "Lines", occurrence: 1, value: nil)])
    #expect(edited.replacements.count == 2)
  }

  @Test func beforeADroppedFirstPart() {
    let message = mail(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n")
    let plan = EditPlan {
      $0.edit(part: 1, .drop)
      $0.warn("w")
    }
    #expect(
      text(plan.apply(to: message).newBody)
        == "--b\n\(Self.warning("w"))\n--b\n\ntwo\n--b--\n")
  }

  @Test func wrapsAnotherTop() throws {
    let message = mail(
      "Subject: x\nContent-Type: text/html;\n charset=utf-8\n"
        + "Content-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n\n<p>ü</p>\n"
    )
    let edited = EditPlan { $0.warn("w") }.apply(to: message)
    let read = MailMessage(edited.bytes())
    let boundary = try #require(read.parts[0].parameter("boundary"))
    #expect(
      text(edited.bytes()) == """
        Subject: x
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="\(boundary)"
        Content-Transfer-Encoding: 8bit

        --\(boundary)
        \(Self.warning("w"))
        --\(boundary)
        Content-Type: text/html;
         charset=utf-8
        Content-Transfer-Encoding: 8bit

        <p>ü</p>

        --\(boundary)--

        """)
    #expect(edited.bytes() == EditPlan { $0.warn("w") }.apply(to: message).bytes())
    #expect(read.parts.map(\.path) == ["1", "1.1", "1.2"])
    #expect(read.anomalies.isEmpty)
  }

  @Test(arguments: [
    "", "Subject: x", "Subject: x\n\n", "\nbody", "no field\nbody",
    "Content-Type: multipart/mixed\n\nx\n",
    "Content-Type: multipart/alternative; boundary=a\n\n--a\n\none\n--a\n\ntwo",
    "Content-Type: message/rfc822\n\nSubject: in\n\nx\n",
  ])
  func wrapsOddTops(_ given: String) throws {
    let message = mail(given)
    let old = Array(message.bytes[message.headerEnd...])
    let edited = EditPlan { $0.warn("w") }.apply(to: message)
    let read = MailMessage(edited.bytes())
    #expect(read.parts[0].contentType.name == "multipart/mixed")
    #expect(read.parts[0].children.count == 2)
    #expect(read.decoded(read.parts[0].children[0]) == "w\r\n")
    // The old body is there, byte by byte, and means what it meant.
    let inner = read.parts[read.parts[0].children[1]]
    #expect(Array(read.bytes[inner.body]) == old)
    #expect(inner.contentType == message.parts[0].contentType)
    #expect(read.value("MIME-Version") == "1.0")
    #expect(edited.refusals.isEmpty)
  }

  @Test func wrapsAndEditsInside() throws {
    let message = mail(
      "Content-Type: multipart/alternative; boundary=a\n\n--a\n\none\n--a\n\ntwo\n--a--\n")
    let plan = EditPlan {
      $0.edit(part: 1, .drop)
      $0.replace(2, "new")
      $0.warn("w")
    }
    let read = MailMessage(plan.apply(to: message).bytes())
    #expect(
      read.parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain", "multipart/alternative", "text/plain",
      ])
    #expect(read.decoded(3) == "new\r\n")
  }

  @Test func wrapsAReplacedTop() {
    let plan = EditPlan {
      $0.replace(0, "new", type: "text/html")
      $0.warn("w")
    }
    let read = MailMessage(plan.apply(to: mail("Content-Type: text/plain\n\nold\n")).bytes())
    #expect(read.parts.map(\.contentType.name) == ["multipart/mixed", "text/plain", "text/html"])
    #expect(read.decoded(2) == "new\r\n")
  }

  @Test func isAllThatIsLeft() {
    let plan = EditPlan {
      $0.edit(part: 0, .drop)
      $0.warn("w")
    }
    let edited = plan.apply(to: mail("Content-Type: application/pdf\n\nold\n"))
    #expect(
      text(edited.bytes())
        == "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n"
        + "MIME-Version: 1.0\n\nw\n"
    )
  }

  @Test func boundaryDoesNotOccurInTheContent() throws {
    let first = mail("A: b\n\nbody\n")
    let boundary = try #require(
      MailMessage(EditPlan { $0.warn("w") }.apply(to: first).bytes()).parts[0].parameter("boundary")
    )
    // A message is digested with what is in it, so a known boundary gives another digest.
    let second = mail("A: b\n\nbody\n--\(boundary)\n")
    let read = MailMessage(EditPlan { $0.warn("w") }.apply(to: second).bytes())
    #expect(read.parts[0].parameter("boundary") != boundary)
    #expect(read.parts.count == 3)
  }

  @Test(arguments: [3, 4])
  func onlySoManyAreShown(_ count: Int) {
    var limits = EditLimits()
    limits.warningsMax = 3
    var plan = EditPlan(limits: limits)
    for number in 0..<count { plan.warn("w\(number)") }
    plan.edit(part: 0, .drop)
    let shown = "w0\n\nw1\n\nw2\n"
    let expected = count == 3 ? shown : shown + "\n1 more warnings.\n"
    #expect(text(plan.apply(to: mail("A: b\n\nx\n")).newBody) == expected)
  }
}
