// Edits of parts, byte by byte: what changes, what the header says then, what stays.

import MailEdits
import MailMessage
import Testing

@Suite struct PartEditTests {
  static let mixed = """
    Subject: x
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b
    Content-Length: 300

    preamble
    --b
    Content-Type: multipart/alternative; boundary=a

    --a
    Content-Type: text/plain

    plain
    --a
    Content-Type: text/html

    <p>html</p>
    --a--
    --b
    Content-Type: application/pdf; name="a.pdf"
    Content-Transfer-Encoding: base64

    JVBERg==
    --b--
    epilogue

    """

  static let bodyOfMixed = String(mixed.split(separator: "\n\n", maxSplits: 1)[1])

  @Test func replaceALeaf() throws {
    let expected = Self.bodyOfMixed.replacing(
      "Content-Type: application/pdf; name=\"a.pdf\"\n"
        + "Content-Transfer-Encoding: base64\n\nJVBERg==",
      with: written("gone"))
    #expect(try body(Self.mixed, "1.2", gone) == expected)
  }

  @Test func replaceAContainer() throws {
    let start = try #require(Self.bodyOfMixed.ranges(of: "Content-Type: multipart/alt").first)
    let end = try #require(Self.bodyOfMixed.ranges(of: "--a--").first)
    var expected = Self.bodyOfMixed
    expected.replaceSubrange(start.lowerBound..<end.upperBound, with: written("gone"))
    #expect(try body(Self.mixed, "1.1", gone) == expected)
  }

  @Test func dropALeaf() throws {
    let start = try #require(Self.bodyOfMixed.ranges(of: "--b\nContent-Type: application").first)
    let end = try #require(Self.bodyOfMixed.ranges(of: "--b--").first)
    var expected = Self.bodyOfMixed
    expected.removeSubrange(start.lowerBound..<end.lowerBound)
    #expect(try body(Self.mixed, "1.2", .drop) == expected)
  }

  @Test func dropTheLastChildOfAContainer() throws {
    let expected = Self.bodyOfMixed.replacing(
      "--a\nContent-Type: text/html\n\n<p>html</p>\n", with: "")
    #expect(try body(Self.mixed, "1.1.2", .drop) == expected)
  }

  @Test func droppingAllChildrenDropsTheContainer() throws {
    let message = mail(Self.mixed)
    let plan = EditPlan {
      $0.edit(part: 2, .drop)
      $0.edit(part: 3, .drop)
    }
    let container = EditPlan { $0.edit(part: 1, .drop) }
    let body = plan.apply(to: message).newBody
    #expect(body != nil)
    #expect(body == container.apply(to: message).newBody)
  }

  @Test(arguments: [[1, 4], [0], [2, 3, 4]])
  func droppingAllLeavesAnEmptyText(_ parts: [Int]) {
    let plan = EditPlan { for part in parts { $0.edit(part: part, .drop) } }
    let edited = plan.apply(to: mail(Self.mixed))
    #expect(edited.newBody == [])
    #expect(
      text(edited.bytes()) == """
        Subject: x
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit


        """)
  }

  @Test func replaceTheWholeBody() {
    let plan = EditPlan { $0.replace(0, "<p>ü</p>", type: "text/html") }
    let edited = plan.apply(to: mail(Self.mixed))
    #expect(text(edited.newBody) == "<p>=C3=BC</p>\n")
    #expect(
      edited.headerChanges == [
        .change(name: "Content-Length", occurrence: 1, value: nil),
        .change(name: "Content-Type", occurrence: 1, value: "text/html; charset=utf-8"),
        .add(name: "Content-Transfer-Encoding", value: "quoted-printable"),
      ])
  }

  @Test func replacingTheWholeBodyLeavesOneFieldOfEachName() {
    let message = mail(
      """
      Content-Type: text/html
      Content-Type: text/plain
      Content-Disposition: attachment; filename=a.exe
      Content-Transfer-Encoding: base64
      Content-Transfer-Encoding: 7bit
      Content-ID: <a@b>
      CONTENT-LANGUAGE: de
      Subject: s

      x
      """)
    let plan = EditPlan { $0.replace(0, "t") }
    #expect(
      text(plan.apply(to: message).bytes()) == """
        Content-Type: text/plain; charset=utf-8
        Content-Disposition: inline
        Content-Transfer-Encoding: 7bit
        Subject: s
        MIME-Version: 1.0

        t

        """)
  }

  @Test(arguments: ["", "Subject: x", "Subject: x\n", "Subject: x\nno field", "\n", "no field\n"])
  func replaceTheBodyOfOddMessages(_ message: String) {
    let plan = EditPlan { $0.replace(0, "Looks: like a field") }
    let edited = plan.apply(to: mail(message))
    let read = MailMessage(edited.bytes())
    #expect(text(Array(read.bytes[read.headerEnd...])) == "Looks: like a field\n")
    #expect(read.value("Content-Type") == "text/plain; charset=utf-8")
    #expect(read.value("Subject") == (message.hasPrefix("Subject") ? "x" : nil))
    #expect(read.value("Looks") == nil)
  }

  @Test func theLastEditOfAPartHolds() throws {
    let message = mail(Self.mixed)
    let keep = EditPlan {
      $0.edit(part: 4, .drop)
      $0.edit(part: 4, gone)
      $0.edit(part: 4, .keep)
    }
    #expect(keep.apply(to: message).isUnchanged)
    let drop = EditPlan {
      $0.edit(part: 4, gone)
      $0.edit(part: 4, .drop)
    }
    #expect(text(drop.apply(to: message).newBody) == (try body(Self.mixed, "1.2", .drop)))
  }

  @Test func aContainerCoversItsInside() {
    let message = mail(Self.mixed)
    let both = EditPlan {
      $0.edit(part: 3, .drop)
      $0.edit(part: 1, gone)
      $0.replace(2, "inside")
    }
    let one = EditPlan { $0.edit(part: 1, gone) }
    #expect(both.apply(to: message).newBody == one.apply(to: message).newBody)
  }

  @Test func noEditIsNoChange() {
    let edited = EditPlan().apply(to: mail(Self.mixed))
    #expect(edited.isUnchanged && edited.replacements.isEmpty && edited.refusals.isEmpty)
    #expect(text(edited.bytes()) == Self.mixed)
  }
}
