// `extracttext`: the readable text of a part in a variable, and how much of it.

import Testing

@testable import RuleVM

struct ExtractTextTests {
  private static let message = """
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: text/html; charset=iso-8859-1
    Content-Transfer-Encoding: quoted-printable

    <p>Gr=FC=DFe <b>all</b> &amp; sundry</p>
    --b
    Content-Type: image/png
    Content-Transfer-Encoding: base64

    iVBORw0KGgo=
    --b
    Content-Type: text/plain

    plain
    --b--
    """

  @Test(arguments: [
    ("", ["", "Grüße all & sundry", "", "plain"]), (":first 4", ["", "Grüß", "", "plai"]),
    (":first 1", ["", "G", "", "p"]), (":first 100", ["", "Grüße all & sundry", "", "plain"]),
  ])
  func texts(_ first: String, _ expected: [String]) throws {
    let session = try TestPolicy.session(
      """
      phase part { rule "p" { extracttext \(first) "t"; log "${t}"; } }
      phase eom { rule "e" { foreverypart { extracttext \(first) "t"; log "${t}"; } } }
      """)
    #expect(session.endOfMessage(Self.message).isUndecided)
    let trimmed = session.logged.map { $0.trimmed }
    #expect(trimmed == expected + expected)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
