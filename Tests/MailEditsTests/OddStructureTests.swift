// Edits where the structure is damaged, and inside of attached messages.

import MailEdits
import MailMessage
import Testing

@Suite struct OddStructureTests {
  // MARK: Missing ends, missing lines

  @Test func dropTheLastPartOfAMultipartWithoutEnd() throws {
    let message = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b \n\ntwo"
    #expect(try body(message, "1.2", .drop) == "--b\n\none\n--b--\n")
    #expect(try body(message, "1.1", .drop) == "--b \n\ntwo")
    #expect(try body(message, "1.2", gone) == "--b\n\none\n--b \n" + written("gone"))
  }

  @Test func dropTheLastPartOfAnInnerMultipartWithoutEnd() throws {
    let message = """
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: multipart/mixed; boundary=in

      --in

      one
      --in

      two
      --b

      three
      --b--

      """
    #expect(
      try body(message, "1.1.2", .drop) == """
        --b
        Content-Type: multipart/mixed; boundary=in

        --in

        one
        --in--
        --b

        three
        --b--

        """)
  }

  @Test func anOuterDelimiterThatBeginsLikeTheInnerOneIsNotTakenForIt() throws {
    let message = """
      Content-Type: multipart/mixed; boundary=b2

      --b2
      Content-Type: multipart/mixed; boundary=b

      --b

      one
      --b
      X: y

      --b2

      three
      --b2--

      """
    let dropped = try body(message, "1.1.2", .drop)
    #expect(dropped?.contains("--b\n\none\n--b--\n--b2\n\nthree\n") == true)
  }

  @Test func replaceAPartThatADelimiterFollowsAtOnce() throws {
    let message = "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\nA: x\n\n--b--\n"
    let first = "--b\n" + written("gone") + "\n--b\nA: x\n\n--b--\n"
    #expect(try body(message, "1.1", gone) == first)
    let read = MailMessage(
      EditPlan { $0.edit(part: 2, gone) }.apply(to: mail(message)).bytes())
    #expect(read.parts.count == 3)
    #expect(read.decoded(2) == "gone\r\n")
  }

  @Test func aMultipartWithoutBoundaryIsOnePiece() throws {
    let message = "Content-Type: multipart/mixed\n\nno delimiter\n"
    let part = try mail(message).part(at: "1.1")
    for edit in [PartEdit.drop, gone] {
      let inner = EditPlan { $0.edit(part: part, edit) }.apply(to: mail(message))
      let outer = EditPlan { $0.edit(part: 0, edit) }.apply(to: mail(message))
      #expect(inner.bytes() == outer.bytes())
    }
  }

  // MARK: Attached messages

  static let attached = """
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: message/rfc822

    Subject: inner
    Content-Type: multipart/mixed; boundary=in
    Content-Length: 5
    X-Last: z

    --in

    one
    --in--
    --b--

    """

  @Test func replaceTheWholeAttachedMessagesContent() throws {
    #expect(
      try body(Self.attached, "1.1.1", gone) == """
        --b
        Content-Type: message/rfc822

        Subject: inner
        X-Last: z
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit
        Content-Disposition: inline

        gone

        --b--

        """)
  }

  @Test func droppingAllOfAnAttachedMessageLeavesAnEmptyText() throws {
    let dropped = try body(Self.attached, "1.1.1", .drop)
    #expect(dropped?.contains("Subject: inner\nX-Last: z\nMIME-Version: 1.0\n") == true)
    #expect(dropped == (try body(Self.attached, "1.1.1.1", .drop)))
    #expect(dropped?.contains("one") == false)
  }

  @Test func dropAnAttachedMessage() throws {
    let message = Self.attached.replacing("--b--", with: "--b\n\nother\n--b--")
    #expect(try body(message, "1.1", .drop) == "--b\n\nother\n--b--\n")
  }
}
