// Coverage: both outcomes of each condition, whatever it is made of, and rules that never ran.
import Testing

@testable import PolicyTests

struct CoverageTests {
  private static let policy = """
    require ["defang", "variables"];
    define "hi" string :is "${subject}" "hi";
    phase headers {
      group not fact "auth.user" {
        rule "if" {
          if anyof (is "hi", header :is "X" "1") { score "1.0" "A"; }
          elsif exists "Y" { score "2.0" "B"; }
          else { score "3.0" "C"; }
        }
      }
      rule "end" { if exists "Z" { reject "no"; } }
    }
    phase eom { rule "last" { log "x"; } }
    """

  @Test(arguments: [
    (
      #"message "Subject: hi"; expect :verdict "accept";"#, "rules 3/3, branches 3/8",
      [
        "p.rules:4:9: never false: not fact \"auth.user\"",
        "p.rules:6:10: never false: anyof (is \"hi\", header :is \"X\" \"1\")",
        "p.rules:7:13: never asked: exists \"Y\"",
        "p.rules:11:19: never true: exists \"Z\"",
      ]
    ),
    (
      #"mail :auth_user "u" "a@b.example"; message "Z: 1"; expect :verdict "reject";"#,
      "rules 1/3, branches 2/8",
      [
        "p.rules:4:9: never true: not fact \"auth.user\"",
        "p.rules:5:5: rule \"if\" never ran",
        "p.rules:6:10: never asked: anyof (is \"hi\", header :is \"X\" \"1\")",
        "p.rules:7:13: never asked: exists \"Y\"",
        "p.rules:11:19: never false: exists \"Z\"",
        "p.rules:13:13: rule \"last\" never ran",
      ]
    ),
    ("connect; expect :verdict \"accept\";", "rules 0/3, branches 0/8", nil),
  ]) func figures(_ steps: String, _ figures: String, _ missing: [String]?) throws {
    let coverage = CoverageReport()
    let result = run("test \"t\" { \(steps) }", on: Self.policy, coverage: coverage)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.isPassed) == [true])
    let file = try #require(coverage.files.first)
    #expect(coverage.text.hasPrefix("coverage of p.rules: \(figures)\n"))
    if let missing { #expect(file.missing == missing) }
  }

  /// Several tests add up, over several connections too.
  @Test func testsAddUp() {
    let coverage = CoverageReport()
    _ = run(
      """
      test "a" { message "Subject: hi"; expect :verdict "accept"; }
      test "b" {
        message "Y: 1"; connect; message "Z: 1"; connect; mail :auth_user "u" "a@b.example";
        message "A: 1"; expect :verdict "accept";
      }
      """, on: Self.policy, coverage: coverage)
    #expect(coverage.total.percent == 100)
    #expect(coverage.files.map(\.missing) == [[]])
  }

  /// Rounded down: 100 means all, and a policy without branches is covered.
  @Test(arguments: [(0, 0, 100), (199, 200, 99), (200, 200, 100), (1, 3, 33), (0, 7, 0)])
  func percent(_ covered: Int, _ total: Int, _ percent: Int) {
    #expect(CoverageReport.Count(covered: covered, total: total).percent == percent)
  }

  /// Counting changes no outcome: what a policy decides is the same with it.
  @Test func countingChangesNothing() {
    let tests = """
      test "a" { message "Subject: hi"; expect :score "1.0"; }
      test "b" { message "Y: 1"; expect :score "2.0"; }
      test "c" { message "Q: 1"; expect :score "3.0"; }
      test "d" { message "Z: 1"; expect :verdict "reject"; }
      """
    #expect(run(tests, on: Self.policy).results.map(\.isPassed) == [true, true, true, true])
    let counted = run(tests, on: Self.policy, coverage: CoverageReport())
    #expect(counted.results.map(\.isPassed) == [true, true, true, true])
  }
}
