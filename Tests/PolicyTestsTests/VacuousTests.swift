// What could only ever pass is a mistake: names that the policy does not have, recipients that
// were never named, edits that the resulting message does not show.
import Testing

@testable import PolicyTests

struct VacuousTests {
  private static let policy = """
    require ["defang", "variables"];
    table :inline ["ann@example.com"] :type "address" "vips";
    scanner :clamd "unix:/run/clamd.sock" "clamav";
    on_error :dns "continue";
    on_error :scanner "continue";
    phase rcpt { rule "listed" { if dnsbl "zen.example.org" { log "x"; } } }
    phase eom {
      rule "hash" { if hashbl "ebl.example.org" "${from.address}" { log "x"; } }
      rule "virus" { if scan "clamav" { log "x"; } }
      rule "vip" { if lookup "table:vips" "${sender}" { log "x"; } }
    }
    """

  /// The name and the nearest that the policy has.
  @Test(arguments: [
    (#"connect; expect :not :rule "virsu";"#, "virsu", "virus"),
    (#"connect; expect :rules ["listed", "vrus"];"#, "vrus", "virus"),
    (#"connect; expect :not :log "x" :rule "lsted";"#, "lsted", "listed"),
    (#"answer :scan "clamv" :result "clean"; connect; expect :code "1";"#, "clamv", "clamav"),
    (
      #"answer :dnsbl "zen.exmaple.org"; connect; expect :code "1";"#, "zen.exmaple.org",
      "zen.example.org"
    ),
    (
      #"fail :hashbl "elb.example.org"; connect; expect :code "1";"#, "elb.example.org",
      "ebl.example.org"
    ),
    (
      #"answer :table "vip" :key "a@b.example" "yes"; connect; expect :code "1";"#, "vip", "vips"
    ),
    (
      #"answers "{\"scan\": {\"clamv message\": \"timeout\"}}"; connect; expect :code "1";"#,
      "clamv message", "clamav"
    ),
  ]) func unknownNames(_ steps: String, _ wrong: String, _ nearest: String) {
    let result = run("test \"t\" { \(steps) }", on: Self.policy)
    #expect(result.isBroken)
    #expect(result.results.map(\.isPassed) == [false])
    #expect(result.diagnostics.contains("[N011]"), "\(result.diagnostics)")
    #expect(result.diagnostics.contains("'\(wrong)'"), "\(result.diagnostics)")
    #expect(result.diagnostics.contains("'\(nearest)'"), "\(result.diagnostics)")
  }

  @Test func namesOfDefaultsToo() {
    let result = run(
      #"defaults { answer :dnsbl "zn.example.org"; } test "t" { connect; expect :code "1"; }"#,
      on: Self.policy)
    #expect(result.isBroken)
  }

  /// Names that the policy has, as an answer may be written; and "none".
  @Test(arguments: [
    #"answer :dnsbl "ZEN.example.org"; answer :hashbl "ebl.example.org"; connect;"#
      + #"expect :not :rule "virus";"#,
    #"answer :scan "clamav" :result "clean"; answer :table "vips" :key "a@b.example" "yes";"#
      + #"connect; expect :rules "none";"#,
    #"answers "{\"dnsbl\": {\"zen.example.org 127.0.0.1\": []}}"; rcpt "a@b.example";"#
      + #"expect :verdict "accept" :rule "none";"#,
  ]) func knownNames(_ steps: String) {
    let result = run("test \"t\" { \(steps) }", on: Self.policy)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test(arguments: ["", ":not "]) func recipientThatWasNeverNamed(_ not: String) {
    let result = run(
      "test \"t\" { rcpt \"never@x.example\"; "
        + "expect \(not):recipient \"nver@x.example\" :verdict \"reject\"; }", on: Self.policy)
    #expect(
      result.results.first?.failures.flatMap(\.differences) == [
        Difference(
          "recipient", expected: "nver@x.example",
          got: "never@x.example (nearest: never@x.example)")
      ])
  }

  private static let edits = """
    require "defang";
    key :file "/etc/defang/mx.key" "mx";
    phase eom {
      rule "foot" {
        if header :is "Subject" "foot" {
          dkim_sign :domain "example.com" :selector "s" :key "mx";
        }
      }
      rule "copy" { redirect :copy "r@example.com"; addrcpt "c@example.com"; }
    }
    """

  @Test func editsThatAreNotInTheMessage() {
    let result = run(
      #"test "t" { rcpt "a@b.example"; message "Subject: foot"; expect :unchanged; }"#,
      on: Self.edits)
    #expect(
      result.results.first?.failures.flatMap(\.differences) == [
        Difference(
          "message", expected: "unchanged",
          got: "decided, but not in the resulting message: dkim_sign")
      ])
  }

  /// The envelope is no part of the message.
  @Test func addressesAreValues() {
    let result = run(
      #"test "t" { rcpt "a@b.example"; message "Subject: x"; expect :unchanged;"#
        + #"expect :action "redirect" :value "r@example.com";"#
        + #"expect :action "addrcpt" :value :contains "c@";"#
        + #"expect :not :action "redirect" :value "s@example.com"; }"#, on: Self.edits)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test func mailboxesAreValues() {
    let result = run(
      #"test "t" { rcpt "a@b.example"; message "Subject: x";"#
        + #"expect :action "fileinto" :value "INBOX.x"; }"#,
      on: "require \"fileinto\"; fileinto \"INBOX.x\";")
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test func quarantineNamesItsRule() {
    let result = run(
      #"test "t" { rcpt "a@b.example"; message "Subject: x";"#
        + #"expect :verdict "quarantine" :rule "q" :phase "eom"; }"#,
      on: "require \"defang\"; phase eom { rule \"q\" { quarantine \"why\"; } }")
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test(arguments: [("", "false"), ("ann", "true")])
  func theEmptyLoginIsNone(_ login: String, _ rule: String) {
    let result = run(
      "test \"t\" { mail :auth_user \"\(login)\" \"a@b.example\"; expect :rules \"\(rule)\"; }",
      on: """
        require "defang";
        phase mail {
          rule "true" { if authenticated { log "x"; } }
          rule "false" { if not authenticated { log "x"; } }
        }
        """)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }
}
