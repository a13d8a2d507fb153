// Broken encodings in rules: what any mail program may decode a part to is seen by every loop, by
// the part phase and by `body`.

import Testing

@testable import RuleVM

struct ContentReadingTests {
  /// "%PDF-1.4" for those that skip padding inside of base64.
  private static let pdf = """
    Content-Type: multipart/mixed; boundary=A

    --A
    Content-Type: application/octet-stream
    Content-Transfer-Encoding: base64

    JVB=ERi0=xLjQ=KCg==
    --A
    Content-Type: text/plain
    Content-Transfer-Encoding: quoted-printable

    se=cret =0word
    --A--

    """

  static let policies: [(String, [String])] = [
    (
      #"foreverypart { if part :is "sniffed" "application/pdf" { log "${part.path}"; } }"#,
      ["1.1"]
    ),
    (
      #"""
      foreverypart {
        set "o" "${part.path}";
        foreverypart { if part :is "sniffed" "application/pdf" { log "${o}/${part.path}"; } }
      }
      """#,
      ["1/1.1"]
    ),
    (#"if body :text :contains "secret" { log "secret"; }"#, ["secret"]),
    (#"if body :text :contains "secret word" { log "secret word"; }"#, []),
    (#"if body :text :contains "=word" { log "sign kept"; }"#, []),
  ]

  @Test(arguments: policies)
  func seen(_ rules: String, _ expected: [String]) throws {
    let session = try TestPolicy.session("phase eom { rule \"r\" { \(rules) } }")
    #expect(session.endOfMessage(Self.pdf).isUndecided)
    #expect(session.logged == expected)
  }

  /// The runs of the part phase come to readings that the runs before them found.
  @Test func partPhase() throws {
    let session = try TestPolicy.session(
      #"""
      phase part {
        rule "r" { if part :is "sniffed" "application/pdf" { log "${part.path}"; drop; } }
      }
      """#)
    #expect(session.endOfMessage(Self.pdf).isUndecided)
    #expect(session.logged == ["1.1"])
    #expect(session.decisions.actions.map(\.part) == ["1.1"])
  }

  /// What no rule decodes is not read again.
  @Test func onlyWhenAsked() throws {
    let session = try TestPolicy.session(
      #"phase part { rule "r" { if part :is "extension" "exe" { drop; } log "x"; } }"#)
    #expect(session.endOfMessage(Self.pdf).isUndecided)
    #expect(session.logged == ["x", "x", "x"])
  }

  @Test func readingsLimit() throws {
    let session = try TestPolicy.session(
      #"""
      limits :readings 1;
      phase part { rule "r" { if part :is "sniffed" "application/pdf" { log "x"; } } }
      phase eom { rule "l" { if limit_hit "readings" { log "limit"; } } }
      """#)
    #expect(session.endOfMessage(Self.pdf).isUndecided)
    #expect(session.logged.contains("limit"))
  }
}
