// `spamtest` and `virustest`: what a field of another filter counts on the scale of RFC 5235.

import RuleBytecode
import Testing

@testable import RuleVM

struct StatusHeaderTests {
  /// The field's value, the grade, the percentage.
  static let scores: [(String, Int, Int)] = [
    ("No, score=-1.6 required=5.0", 1, 0), ("No, score=0.0 required=5.0", 1, 0),
    ("No, score=1.0 required=5.0", 2, 20), ("No, score=4.0 required=5.0", 8, 80),
    ("Yes, score=5.0 required=5.0", 10, 100), ("Yes, SCORE=7.6 required=5.0", 10, 100),
    ("7.5", 7, 75), (".5", 1, 5), ("-3", 1, 0), ("*****", 5, 50), ("+", 1, 10), ("", 0, 0),
    ("unknown", 0, 0), ("score=", 0, 0), ("1.2.3", 0, 0), ("99999999999", 0, 0),
  ]

  @Test(arguments: scores)
  func score(_ value: String, _ grade: Int, _ percent: Int) {
    let status = StatusHeader(name: "X-Spam")
    #expect(status.grade(value, lowest: 1, highest: 10) ?? 0 == grade)
    #expect(status.grade(value, lowest: 0, highest: 100) ?? 0 == percent)
  }

  @Test func maximumIsTheSites() {
    var status = StatusHeader(name: "X-Spam")
    status.maximum = 8 * Decimal.scale
    #expect(status.grade("4.0 required=5.0", lowest: 1, highest: 10) == 5)
  }

  static let words: [(String, Int?)] = [
    ("Clean", 1), ("no virus found", 1), ("infected (Eicar)", 5), ("Suspicious", 3), ("?", nil),
    ("", nil),
  ]

  @Test(arguments: words)
  func verdict(_ value: String, _ grade: Int?) {
    let status = StatusHeader(name: "x", form: .verdict)
    #expect(status.grade(value, lowest: 1, highest: 5) == grade)
  }

  private func logged(_ settings: String, _ header: String) throws -> [String] {
    let session = try TestPolicy.session(
      """
      require ["spamtest", "spamtestplus", "virustest"];
      \(settings)
      phase headers {
        rule "s" { if spamtest :matches "*" { log "${1}"; } }
        rule "p" { if spamtest :percent :matches "*" { log "${1}"; } }
        rule "v" { if virustest :matches "*" { log "${1}"; } }
      }
      """)
    #expect(session.headers(header).isUndecided)
    return session.logged
  }

  @Test func nothingWasTested() throws {
    #expect(try logged("", "X-Spam: 5\n") == ["0", "0", "0"])
    let settings = "settings :spam_header \"X-Spam\" :virus_header \"X-Virus\";"
    #expect(try logged(settings, "Subject: 5\n") == ["0", "0", "0"])
    #expect(try logged(settings, "x-spam: 3\nX-Virus: clean\n") == ["3", "30", "1"])
    let most = "settings :spam_header \"X-Spam\" :spam_max \"6\";"
    #expect(try logged(most, "X-Spam: 3\nX-Spam: 6\n") == ["5", "50", "0"])
  }
}
