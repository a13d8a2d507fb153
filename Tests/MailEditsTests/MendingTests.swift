// `canonicalize`: the message written anew, or some of what is odd about it taken out.

import MailEdits
import MailMessage
import Testing

@Suite struct MendingTests {
  private static func mended(_ bytes: [UInt8], _ only: Set<Mend>?) -> MailMessage {
    MailMessage(
      EditPlan { $0.edit(message: .canonicalize(only: only)) }.apply(to: MailMessage(bytes)).bytes()
    )
  }

  // MARK: Only

  @Test(arguments: [
    (Mend.nul, "A: b\r\n\r\none\0two\r\n", "A: b\r\n\r\nonetwo\r\n"),
    (.bareCR, "A: b\r\n\r\na\rb\r\r\n", "A: b\r\n\r\nab\r\n"),
    (.bareCR, "A: b\r\n\r\na\nb\r\n", "A: b\r\n\r\na\nb\r\n"),
    (.bareLF, "A: b\r\n\r\na\nb\r\nc\r", "A: b\r\n\r\na\r\nb\r\nc\r"),
    (.duplicateHeaders, "To: a\r\nX: 1\r\nTO: b\r\nX: 2\r\n\r\n", "To: a\r\nX: 1\r\nX: 2\r\n\r\n"),
    (
      .duplicateContentType, "Content-Type: a/b\r\nTo: a\r\nTo: b\r\nContent-Type: c/d\r\n\r\nx",
      "Content-Type: a/b\r\nTo: a\r\nTo: b\r\n\r\nx"
    ),
    (
      .badBase64, "Content-Transfer-Encoding: base64\r\n\r\nQUJ!D\r\n",
      "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n"
    ),
    (
      .missingEnd,
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n",
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n"
        + "\r\n--c--\r\n\r\n--b--\r\n"
    ),
    // Binary content has no lines.
    (
      .nul, "Content-Transfer-Encoding: binary\r\n\r\na\0b",
      "Content-Transfer-Encoding: binary\r\n\r\na\0b"
    ),
    // Signed content is left alone.
    (
      .nul, "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\na\0b\r\n--b--\r\n",
      "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\na\0b\r\n--b--\r\n"
    ),
    // Where no LF is, a CR ends lines: without it there would be other parts.
    (
      .bareCR, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\rx\r--b--\r",
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    ),
  ])
  func only(_ mend: Mend, _ given: String, _ expected: String) {
    #expect(Self.mended(Array(given.utf8), [mend]).bytes == Array(expected.utf8))
  }

  @Test func severalAreAllDone() {
    let given = "To: a\r\nTo: b\r\n\r\na\0\rb\n"
    #expect(
      Self.mended(Array(given.utf8), [.nul, .bareCR, .bareLF]).bytes
        == Array("To: a\r\nTo: b\r\n\r\nab\r\n".utf8))
  }

  /// Never unasked.
  @Test func otherEditsMendNothing() {
    let given = Array("To: a\r\nTo: b\r\n\r\na\0\rb\n".utf8)
    let edited = EditPlan {
      $0.edit(header: .add(name: "X", value: [0x31], last: true))
    }.apply(to: MailMessage(given))
    #expect(edited.newBody == nil && edited.headerChanges.count == 1)
  }

  // MARK: All

  @Test func oneReadingIsLeft() {
    let given = """
      To: a
      Content-Type: multipart/mixed; boundary=b; boundary=c
      To: b
      Content-Length: 7

      preamble
      --b
      Content-Type: text/plain; charset=utf-7

      +AGEAYg-
      --b
      Content-Type: application/pdf; name="a.pdf"; name*=utf-8''a.exe
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment
      X-Own: 1

      QU!JD
      --b
      Content-Type: message/rfc822
      Content-Transfer-Encoding: base64

      U3ViamVjdDogaW5uZXIKCmhlbGxvCg==
      --c
      epilogue
      """
    let read = Self.mended(crlf(given), nil)
    #expect(read.anomalies.isEmpty && read.limitsHit.isEmpty)
    #expect(read.fields(named: "To").count == 1 && read.value("Content-Length") == nil)
    #expect(
      read.parts.map(\.contentType.name) == [
        "multipart/mixed", "text/plain", "application/pdf", "message/rfc822", "text/plain",
      ])
    #expect(read.decoded(1) == "ab\r\n" && read.parts[1].charset == "utf-8")
    #expect(read.decoded(2) == "ABC" && read.parts[2].names.count == 1)
    #expect(read.value("X-Own", in: 2) == "1")
    #expect(read.value("Subject", in: 4) == "inner")
    #expect(!read.bytes.contains("preamble".utf8) && !read.bytes.contains("epilogue".utf8))
    // A second time changes nothing but the boundaries.
    let again = Self.mended(read.bytes, nil)
    #expect(again.bytes.count == read.bytes.count)
  }

  /// Each level in quoted-printable, which RFC 2046 §5.2.1 forbids.
  @Test(arguments: [(2, 0), (3, 0), (4, 1)])
  func encodedMessagesAreDecodedSoDeep(_ levels: Int, _ left: Int) {
    var limits = EditLimits()
    limits.encodedMessagesMax = 2
    let header = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
    var text = "A: b\n\nhi\n"
    for level in 0..<levels {
      text = header + (level == 0 ? text : text.replacing("=", with: "=3D"))
    }
    var plan = EditPlan(limits: limits)
    plan.edit(message: .canonicalize(only: nil))
    let read = MailMessage(plan.apply(to: mail(text)).bytes())
    let encoded = read.parts.count {
      $0.reading == 0 && $0.isInMessage && $0.encoding == .quotedPrintable
    }
    #expect(encoded == left)
  }

  @Test func plainMailStaysAsItIs() {
    let message = mail("To: a\nSubject: =?utf-8?q?=C3=BC?=\n\nhello\n")
    #expect(
      EditPlan { $0.edit(message: .canonicalize(only: nil)) }.apply(to: message).isUnchanged)
  }

  @Test func signedPartsAreCopied() throws {
    let signed = "Content-Type: multipart/signed; boundary=s\n\npre\n--s\n\nü \n--s--\npost"
    let message = mail(
      "Content-Type: multipart/mixed; boundary=b\n\nx\n--b\n\(signed)\n--b\n\nü\n--b--\n")
    let plan = EditPlan { $0.edit(message: .canonicalize(only: nil)) }
    let read = MailMessage(plan.apply(to: message).bytes())
    let part = try read.part(at: "1.1")
    #expect(Array(read.bytes[read.parts[part].extent]) == crlf(signed))
    #expect(read.value("Content-Transfer-Encoding") == "8bit")
    #expect(read.decoded(read.parts.count - 1) == "ü\r\n")
    let top = mail(signed)
    let refused = plan.apply(to: top)
    #expect(refused.isUnchanged && refused.refusals == [.signed(part: 0)])
    let broken = EditPlan {
      $0.edit(message: .canonicalize(only: nil), breaksSignature: true)
    }
    #expect(!broken.apply(to: top).isUnchanged)
  }

  /// After the edits that were ordered before it, and after those ordered behind it.
  @Test func mendingComesLast() {
    let message = mail(PartEditTests.mixed)
    let read = MailMessage(
      EditPlan {
        $0.edit(message: .canonicalize(only: nil))
        $0.edit(part: 1, .drop)
        $0.edit(header: .add(name: "X-New", value: [0x31], last: true))
      }.apply(to: message).bytes())
    #expect(read.parts.map(\.contentType.name) == ["multipart/mixed", "application/pdf"])
    #expect(read.value("X-New") == "1")
    #expect(!read.bytes.contains("preamble".utf8))
  }

  @Test(arguments: CorpusMail.all)
  func theCorpusIsWrittenAnew(_ mail: CorpusMail) {
    let message = MailMessage(mail.bytes)
    let edited = EditPlan { $0.edit(message: .canonicalize(only: nil)) }.apply(to: message)
    let read = MailMessage(edited.bytes())
    let sealed = message.parts.contains { EditPlan.isSealed(part: $0.target, in: message) }
    // The lines of the top's own header are the mail server's.
    let top = message.bytes[..<message.headerEnd]
    let isHeaderOdd = [Anomaly.headerEndConflict, .missingBlankLine, .badHeaderLine, .hiddenPart]
      .contains { message.parts[0].structuralAnomalies.contains($0) && top.contains(0x0A) }
    let isFragment = message.parts.contains { $0.contentType.name == "message/partial" }
    guard message.limitsHit.isEmpty, !sealed, !isHeaderOdd, !isFragment, top.contains(0x0A)
    else { return }
    let body = MailMessage(crlf("\n") + read.bytes[read.headerEnd...])
    let odd: Set<Anomaly> = [
      .boundaryConflict, .missingEnd, .missingBoundary, .duplicateContentType, .badBase64,
      .encodingConflict, .longLine, .hiddenPart,
    ]
    let left = odd.intersection(read.anomalies)
      .union(body.lineAnomalies.filter { $0 == .bareCR || $0 == .bareLF })
    #expect(left.isEmpty, "\(left)")
  }

  /// For most readers a bare CR ends no header: the new body would go on with it.
  @Test func aHeaderThatABareCREndsIsEnded() {
    let boundary = "Content-Type: multipart/mixed; boundary=b\r"
    let message = MailMessage(Array("Subject: x\r\(boundary)\r--b\r\rHello\r--b--\r".utf8))
    let edited = EditPlan { $0.edit(message: .canonicalize(only: nil)) }.apply(to: message)
    let text = String(decoding: edited.bytes(), as: UTF8.self)
    #expect(text.contains("\r\n\r\n--") && !text.contains("\r\r"))
    #expect(MailMessage(edited.bytes()).parts.allSatisfy { $0.reading == 0 })
  }
}
