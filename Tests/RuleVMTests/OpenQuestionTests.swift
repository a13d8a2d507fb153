// What a policy asks of others is found before mail meets it, with its rule and place.

import RuleBytecode
import Testing

@testable import RuleVM

struct OpenQuestionTests {
  private static func texts(_ source: String) throws -> [String] {
    try TestPolicy.program(source).openQuestions(besides: []).map(\.text)
  }

  @Test func namesRuleAndPlace() throws {
    let found = try Self.texts(
      """
      on_error :dns "continue" :scanner "continue" :limit "continue";
      scanner :clamd "unix:/run/clamd" "av";
      phase connect {
        rule "listed" { if anyof (dnsbl "a.example", dnsbl "b.example") { log "x"; } }
        rule "name" { if true { log "y"; } }
      }
      phase part {
        rule "inside" { if part :archive "extension" "exe" { drop; } }
        rule "locked" { if part :encrypted ["mail", "archive"] { drop; } }
        rule "mail" { if part :encrypted "mail" { drop; } }
        rule "macros" { if part :trait "macro" { drop; } }
        rule "zip" { if part :anomaly "zip-directory-mismatch" { drop; } }
        rule "odd" { if part :anomaly "bad-base64" { drop; } }
      }
      phase eom {
        rule "facts" { log "${scan.av.name} ${spf.result}"; }
        rule "caps" { if limit_hit ["parts", "archive-ratio"] { log "x"; } }
      }
      """)
    let check = "which this version cannot answer"
    #expect(
      found == [
        "test.rules:5:29: rule 'listed' asks 'dnsbl', \(check)",
        "test.rules:17:18: rule 'facts' asks 'scan', \(check)",
        "test.rules:17:18: rule 'facts' asks 'spf', \(check)",
      ])
  }

  @Test func definitionsHaveNoRule() throws {
    let found = try Self.texts(
      """
      on_error :dns "continue";
      define "listed" dnsbl "a.example";
      phase connect { rule "r" { if is "listed" { log "x"; } } }
      """)
    #expect(found == ["test.rules:3:17: the policy asks 'dnsbl', which this version cannot answer"])
  }

  @Test func nothingIsOpenInMost() throws {
    #expect(try Self.texts(#"phase eom { rule "r" { if anomaly { log "x"; } } }"#) == [])
  }
}
