// Types and parameters of any field (RFC 5703 §4.2), users with details (RFC 5233) and the
// parameters of SMTP commands (RFC 3461, RFC 2852).

import MailMessage
import Testing

@Suite struct StructuredHeaderTests {
  @Test(arguments: [
    ("text/plain", "text", "plain", "text/plain"),
    ("Text / HTML ; a=b", "text", "html", "text/html"),
    ("inline; filename=x", "inline", "", "inline"), ("", "", "", ""), (";a=b", "", "", ""),
    ("(c) text(d)/(e)plain", "text", "plain", "text/plain"), ("text/", "text", "", "text"),
    ("/plain", "", "plain", "/plain"), ("text/plain/odd", "text", "plain", "text/plain"),
  ])
  func type(_ value: String, _ type: String, _ subtype: String, _ full: String) throws {
    let message = MailMessage(text: "X-Type: \(value)\n\n")
    let header = message.structured(try #require(message.headers.first))
    #expect(header.type == type && header.subtype == subtype && header.contentType == full)
    #expect(message.structured(Array(value.utf8).span).contentType == full)
  }

  @Test(arguments: [
    ("method", ["REQUEST"]), ("charset", ["UTF-8"]), ("title", ["more ***fun*** isn't it!"]),
    ("twice", ["a", "b"]), ("same", ["x"]), ("none", []),
  ])
  func parameters(_ name: String, _ expected: [String]) {
    let value = """
      a/b; method=REQUEST; CHARSET="UTF-8"; title*0*=us-ascii'en'more%20; \
      title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2="isn't it!"; twice=a; twice=b; same=x; same=x;
      """
    let header = MailMessage([]).structured(Array(value.utf8).span)
    #expect(header.parameter(name) == expected)
  }

  @Test(arguments: [(0, 0..<5), (1, 1..<4), (2, 2..<3), (3, 3..<4), (4, 4..<5)])
  func family(_ part: Int, _ expected: Range<Int>) {
    let message = MailMessage(
      text: """
        Content-Type: multipart/mixed; boundary=o

        --o
        Content-Type: multipart/mixed; boundary=i

        --i

        a
        --i

        b
        --i--
        --o

        c
        --o--
        """)
    #expect(message.family(of: part) == Array(expected))
  }

  @Test(arguments: [
    ("ann+lists", "+", "ann", "lists"), ("ann+", "+", "ann", ""), ("ann", "+", "ann", nil),
    ("+x", "+", "", "x"), ("ann+a+b", "+", "ann", "a+b"), ("ann-x", "+", "ann-x", nil),
    ("ann-x", "-", "ann", "x"), ("friep+-frop", "-+", "friep", "-frop"),
    ("list_request", "+-_", "list", "request"), ("ann+x", "", "ann+x", nil), ("", "+", "", nil),
  ])
  func subaddress(_ local: String, _ separators: String, _ user: String, _ detail: String?) {
    let split = Subaddress(local, separators: separators)
    #expect(split.user == user && split.detail == detail)
  }

  @Test(arguments: [
    ("rfc822;ann+2Blists@example.com", "rfc822;ann+lists@example.com"), ("", ""), ("+3D", "="),
    ("a+", "a+"), ("a+2", "a+2"), ("+2g", "+2g"), ("+2b+2B", "++"),
  ])
  func xtext(_ value: String, _ expected: String) {
    var output: [UInt8] = []
    ParameterText.appendDecodedXtext(Array(value.utf8).span, to: &output)
    #expect(text(output) == expected)
  }

  @Test(arguments: [
    ("120;R", 120, DeliverBy.Mode.return, false), ("-30;NT", -30, .notify, true),
    ("+5;rt", 5, .return, true), ("0;n", 0, .notify, false),
    ("999999999;R", 999_999_999, .return, false),
  ])
  func deliverBy(_ value: String, _ seconds: Int, _ mode: DeliverBy.Mode, _ isTraced: Bool) throws {
    let by = try #require(DeliverBy(value.utf8))
    #expect(by.seconds == seconds && by.mode == mode && by.isTraced == isTraced)
  }

  @Test(arguments: ["", "120", "120;", "120;X", ";R", "1000000000;R", "120;RX", "120;RTT", "--1;R"])
  func notDeliverBy(_ value: String) { #expect(DeliverBy(value.utf8) == nil) }
}
