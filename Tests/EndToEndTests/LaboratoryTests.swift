// The laboratory's own tools: a check that never fails would make every end-to-end case worthless.
import Foundation
import Testing

@testable import MailLab

@Suite("Laboratory")
struct LaboratoryTests {
  /// RFC 2202 §2, test cases 1, 2 and 6 (a key longer than a block).
  @Test(
    "HMAC-MD5 as RFC 2202 gives it",
    arguments: [
      ([UInt8](repeating: 0x0b, count: 16), "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"),
      (Array("Jefe".utf8), "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"),
      (
        [UInt8](repeating: 0xaa, count: 80),
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"
      ),
    ])
  func authenticationCode(key: [UInt8], text: String, expected: String) {
    let code = MD5.authenticationCode(key: key, Array(text.utf8))
    let hex = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    #expect(hex == expected)
  }

  @Test("every case file is readable, and there are some")
  func everyCaseIsReadable() throws {
    #expect(try CaseFile.loadAll().count >= 20)
  }

  private static let sent = "From: a@example.org\r\nSubject: one\r\n two\r\n\r\nbody\r\n"

  /// Each with what the comparison must complain of; nil where it must not.
  @Test(
    "the comparison of messages notices what changed",
    arguments: [
      ("Received: by mx id Q1\r\n" + sent, [], nil),
      ("X: Q1\r\nReceived: by mx id Q1\r\n" + sent, ["has X: {queue-id}", "first X"], nil),
      ("X: Q2\r\nReceived: by mx id Q1\r\n" + sent, ["has X: {queue-id}"], "expected"),
      ("X: 1\r\n" + sent, ["has X: 1", "last X"], "not the last"),
      ("X: 1\r\n" + sent, [], "other fields"),
      (sent.replacing("\r\n two", with: " two"), [], "other fields"),
      (sent + "\r\n", [], "byte-identical"),
      (sent.replacing("body", with: "bodY"), [], "byte-identical"),
      (sent, ["lacks Subject"], "expected none"),
      (sent, ["body-has cat"], "body lacks"),
      (sent, ["body-lacks body"], "body still has"),
    ] as [(String, [String], String?)])
  func comparison(delivered: String, lines: [String], complaint: String?) throws {
    var expected = ExpectedDelivery()
    for line in lines + ["from: a@example.org", "to: b@example.com"] {
      try expected.read(line, at: "here")
    }
    let delivery = Delivery(
      sender: "a@example.org", recipients: ["b@example.com"], bytes: Array(delivered.utf8))
    let problems = expected.differences(from: delivery, original: Array(Self.sent.utf8))
    if let complaint {
      #expect(problems.count == 1)
      #expect(problems.first?.contains(complaint) == true, "\(problems)")
    } else {
      #expect(problems == [])
    }
  }

  private static let nested = """
    From: a@example.org
    Subject: =?utf-8?q?caf=C3=A9?=
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: text/plain; charset=iso-8859-1
    Content-Transfer-Encoding: quoted-printable

    caf=E9
    --b
    Content-Type: message/rfc822

    Content-Type: application/pdf; name="a.pdf"
    Content-Transfer-Encoding: base64

    JVBERg==
    --b--

    """.replacing("\n", with: "\r\n")

  /// Each with what the other reader must complain of; nil where it must not.
  @Test(
    "what Python reads is compared",
    arguments: [
      (nested, ["reads Subject: café", "text 1.1 café", "text-lacks 1.1 =E9"], nil),
      (
        nested,
        ["part 1 multipart/mixed", "part 1.1 text/plain", "part 1.2 message/rfc822"]
          + ["part 1.2.1 application/pdf a.pdf"], nil
      ),
      (nested, ["part 1 multipart/mixed", "part 1.1 text/plain"], "reads the parts"),
      (nested, ["text 1.1 tea"], "lacks"), (nested, ["text-lacks 1.1 café"], "has"),
      (nested, ["text 1.3 café"], "lacks"), (nested, ["reads Subject: tea"], "no field"),
      (nested.replacing("--b--\r\n", with: ""), ["text 1.1 café"], "defect"),
    ] as [(String, [String], String?)])
  func otherReader(message: String, lines: [String], complaint: String?) throws {
    var expected = ExpectedDelivery()
    for line in lines { try expected.read(line, at: "here") }
    let reader = try SharedServers.reader.get()
    let bytes = Array(message.utf8)
    let problems = try expected.reading.problems(reader.read(bytes), of: bytes)
    if let complaint {
      #expect(problems.count == 1)
      #expect(problems.first?.contains(complaint) == true, "\(problems)")
    } else {
      #expect(problems == [])
    }
  }

  @Test(
    "what lies in the folder is compared",
    arguments: [
      ("links/*.txt has one", true), ("links/*.txt has two", false), ("links/*.pdf has one", false),
      ("l*/*/a.txt is one", true), ("*.txt is two", false), ("*.txt count 1", true),
      ("*.txt count 0", false), ("*.pdf count 0", true), ("links* count 1", true),
    ])
  func files(line: String, isRight: Bool) throws {
    let folder = try LabDirectory()
    try folder.makeDirectory("links/deep")
    try folder.write("links/deep/a.txt", "one")
    let problems = try ExpectedFiles(line, at: "here")
      .problems(in: folder.path) { Array($0.utf8) }
    #expect(problems.isEmpty == isRight, "\(problems)")
  }

  @Test(
    "words are filled in and taken out",
    arguments: [
      ("held {=id} of", ["id": "q7"]), ("{=id} of", ["id": "q7"]), ("of {=who}", ["who": "ann"]),
      ("held", [:]), ("gone {=id}", nil), ("gone", nil),
    ] as [(String, [String: String]?)])
  func takenWords(text: String, expected: [String: String]?) {
    #expect(text.taking(from: "first line\nheld q7 of ann\n") == expected)
    #expect("a {id} b {other}".filled(["id": "q7"]) == "a q7 b {other}")
  }

  @Test("a reply line that is expected of one server only is not asked of the other")
  func expectationsOfOneServer() throws {
    let text = """
      --- policy
      require "defang";
      --- dialogue
      C: MAIL FROM:<a@example.org>
      S[postfix]: 550-5.7.1 one
      S[postfix]: 550 5.7.1 two
      S[sendmail]: 250
      """
    let test = try CaseFile(name: "inline", text: text)
    let expected = try #require(test.steps.first).expected
    #expect(expected.map(\.server) == [.postfix, .sendmail])
    #expect(expected.first?.lines == ["550-5.7.1 one", "550 5.7.1 two"])
  }
}
