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
