// What the flow analysis must find, each with its exact span.

import Testing

@testable import RuleCompiler

struct FlowWrongTests {
  static let constants: [FlowCase] = [
    FlowCase(
      "F004", "message",
      """
      rule "a" { if «allof (size :over 10K, size :under 5K)» { log "x"; } }
      """),
    FlowCase(
      "F004", "message",
      """
      rule "a" { if «allof (size :over 10K, not size :over 20K, size :over 30K)» { log "x"; } }
      """),
    FlowCase(
      "F004", "eom",
      """
      rule "a" { if anyof (exists "A", «allof (score :over "5", score :under "5")») { log "x"; } }
      """),
    FlowCase(
      "F004", "connect",
      """
      rule "a" {
        if «allof (ip "client" "10.0.0.0/8", ip "client" "192.0.2.0/24")» { log "x"; }
      }
      """),
    FlowCase(
      "F004", "connect",
      """
      rule "a" {
        if «allof (ip "client" "10.1.0.0/16", not ip "client" "10.0.0.0/8")» { log "x"; }
      }
      """),
    FlowCase(
      "F004", "mail",
      """
      rule "a" {
        if «allof (envelope :domain "from" "a.example", envelope :domain "from" "b.example")»
        { log "x"; }
      }
      """),
    FlowCase(
      "F004", "mail",
      """
      rule "a" { if «allof (string "${helo}" "a", string :contains "${helo}" "b")» { log "x"; } }
      """),
    FlowCase(
      "F004", "headers",
      """
      rule "a" {
        if «allof (header :contains "A" "xy", not header :contains "A" "x")» { log "x"; }
      }
      """),
    FlowCase(
      "F004", "part",
      """
      rule "a" { if «allof (part :is "kind" "pdf", part :is "kind" "image")» { drop; } }
      """),
    FlowCase(
      "F004", "headers",
      """
      rule "a" { if exists "A" { if «not exists "A"» { log "x"; } } }
      """),
    FlowCase(
      "F004", "connect",
      """
      group ip "client" "10.0.0.0/8" { rule "a" { if «ip "client" "192.0.2.1"» { log "x"; } } }
      """),
    FlowCase(
      "F004", nil,
      """
      define "odd" «allof (exists "A", not exists "A")»;
      phase headers { rule "a" { if is "odd" { log "x"; } } }
      """),
    FlowCase(
      "F003", "headers",
      """
      rule "a" { if exists "A" { if «exists "A"» { log "x"; } } }
      """),
    FlowCase(
      "F003", "headers",
      """
      rule "a" { if header :is "A" "xy" { if «header :contains "A" "x"» { log "x"; } } }
      """),
    FlowCase(
      "F003", "message",
      """
      rule "a" { if «anyof (size :over 1K, size :under 2K)» { log "x"; } }
      """),
    FlowCase(
      "F003", "headers",
      """
      rule "a" { if «anyof (exists "A", not exists "A")» { log "x"; } }
      """),
    FlowCase(
      "F003", "connect",
      """
      group ip "client" "10.1.0.0/16" { rule "a" { if «ip "client" "10.0.0.0/8"» { log "x"; } } }
      """),
    FlowCase(
      "F007", "headers",
      """
      rule "a" {
        if anyof (header :is "A" ["x", "y"], «header "a" ["Y", "X"]») { log "x"; }
      }
      """),
  ]

  static let variables: [FlowCase] = [
    FlowCase(
      "F015", "mail",
      """
      rule "a" { set «"x"» "1"; set "x" "2"; log "${x}"; }
      """),
    FlowCase(
      "F015", "mail",
      """
      rule "a" { if fact "auth.user" { set :message «"x"» "1"; log "set"; set :message "X" "2"; } }
      rule "b" { log "${x}"; }
      """),
    // The second one does not replace the first, which is another variable.
    FlowCase(
      "F019", "rcpt",
      """
      rule "a" { set :message «"x"» "1"; set :session "x" "2"; log "${x}"; }
      """),
    FlowCase(
      "F016", "mail",
      """
      rule "a" { log "from «${who}»"; }
      rule "b" { set "who" "${sender}"; log "now ${who}"; }
      """),
    FlowCase(
      "F016", "mail",
      """
      rule "a" { if string "«${who}»" "x" { log "x"; } set "who" "${sender}"; }
      rule "b" { log "${who}"; }
      """),
    FlowCase(
      "F016", nil,
      """
      phase rcpt { rule "a" { log "«${n}»"; } }
      phase mail { rule "b" { log "mail"; } }
      phase rcpt { rule "c" { set "n" "1"; log "${n}"; } }
      """),
  ]

  static let cases = shadows + constants + variables

  @Test(arguments: cases)
  func isFoundAtItsPlace(_ flow: FlowCase) {
    let compiled = Compiled(flow.policy)
    let found = compiled.diagnostics.shown
    #expect(found.map(\.problem.code.rawValue) == flow.spans.map { _ in flow.code })
    #expect(found.map(\.range.bytes) == flow.spans)
  }

  /// Each says who decides, or what makes it so; only a contradiction explains itself.
  @Test(arguments: shadows)
  func noteNamesTheOther(_ flow: FlowCase) throws {
    let diagnostic = try #require(Compiled(flow.policy).diagnostics.shown.first)
    #expect(!diagnostic.notes.isEmpty)
    #expect(diagnostic.notes.allSatisfy { $0.range < diagnostic.range })
  }

  @Test func thereAreMany() {
    #expect(Self.cases.count >= 60)
  }
}
