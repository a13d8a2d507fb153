// `every` in a test file: one run of a job, and a session of mail behind it.
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

@testable import PolicyTests

struct JobStepTests {
  private static let policy = """
    require ["defang", "variables"];
    settings :admin "postmaster@example.com";
    table :socketmap "unix:/run/health.sock" :type "map" "health";
    every 300 "health" {
      on_error :table "continue";
      lookup :set "state" "table:health" "scanner";
      log "it is ${state}";
      if string :is "${state}" "down" {
        event "scanner-down" ["${state}"];
        notify :admin :subject "Scanner" "It is down since ${now}.";
      }
    }
    every 60 "ticks" { log "tick"; }
    phase mail { rule "seen" { log "mail of ${sender}"; } }
    """

  private static let down = #"answer :table "health" :key "scanner" "down"; "#

  @Test(arguments: [
    down + #"every "health"; expect :log "it is down";"#,
    down + #"every "health"; expect :action "event" :name "scanner-down" :value "down";"#,
    #"now "2026-02-03T04:05:06Z"; "# + down + #"every "health"; "#
      + #"expect :action "notify" :value :contains "since 2026-02-03T04:05:06Z";"#,
    #"answer :table "health" :key "scanner" "up"; every "health"; expect :log "it is up";"#
      + #"expect :not :action "notify"; expect :not :action "event";"#,
    #"fail :table "health"; every "health"; expect :error "table"; expect :not :log "it is ";"#,
    // Each run is one of its own, and so is a session behind it.
    down + #"every "health"; every "ticks"; expect :log "tick"; expect :not :log "it is down";"#,
    #"every "ticks"; mail "a@b.example"; expect :log "mail of a@b.example";"#
      + #"expect :not :log "tick";"#,
    #"mail "a@b.example"; every "ticks"; expect :log "tick";"#,
  ]) func holds(_ steps: String) {
    let result = run("test \"t\" { \(steps) }", on: Self.policy)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test(arguments: [
    #"every "ticks"; expect :log "tock";"#, #"every "ticks"; expect :error "table";"#,
  ]) func fails(_ steps: String) {
    #expect(run("test \"t\" { \(steps) }", on: Self.policy).results.map(\.isPassed) == [false])
  }

  @Test func aNameThatNoJobHas() {
    let result = run(#"test "t" { every "tiks"; expect :log "tick"; }"#, on: Self.policy)
    #expect(result.results.map(\.isPassed) == [false])
    #expect(result.diagnostics.contains("'ticks'"), "\(result.diagnostics)")
  }
}
