// The jobs of `every`: what one run says, and what becomes of its failures.
import LiveChecks
import Logs
import MilterBridge
import RuleBytecode
import RuleCompiler
import RuleVM
import Submission
import Testing

@testable import Service

@Suite struct JobTests {
  /// Answers tables with what a test gives, and everything else with a failure.
  private struct Answers: CheckService {
    let values: [String]?

    func start(
      _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
    ) -> (any StartedCheck)? {
      if let order = request.errands {
        completion(.errands(order.errands.map { _ in .failed(reason: "full") }))
      } else {
        completion(values.map { .values($0) } ?? .failed(.table, reason: "gone"))
      }
      return nil
    }
  }

  private static func current(_ text: String, _ values: [String]?) throws -> CurrentPolicy {
    var sources = SourceSet()
    let source = #"require ["defang", "variables"]; on_error :table "tempfail";"# + text
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(source.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    #expect(!diagnostics.hasErrors)
    let verified = try VerifiedProgram(try #require(program))
    let state = DaemonState(
      DaemonState.Settings(
        directory: "/nonexistent", server: try SMTPServer("127.0.0.1:9"), hostName: "mx.test"))
    let services = LiveServices(LiveServices.Settings(stateDirectory: "/nonexistent"))
    defer { services.stop() }
    let served = ServedPolicy(
      policy: LoadedPolicy(verified), desk: try LiveDesk.tables(of: verified.program, services),
      keys: .none)
    let watch = MailWatch(LogDesk(), trace: TraceSelection(), book: nil)
    return CurrentPolicy(served, state: state, watch: watch, observes: false) { _ in
      Answers(values: values)
    }
  }

  struct Case: Sendable {
    let body: String
    var values: [String]? = []
    let lines: [String]
  }

  private static let table = #"table :socketmap "unix:/run/map" :type "map" "map";"#

  static let cases = [
    Case(
      body: #"every 60 "j" { log "a b"; event "tick" ["1", "x y"]; }"#,
      lines: [
        #"log level=info rule=j text="a b""#,
        #"event event=tick value1=1 value2="x y" rule=j"#,
      ]),
    Case(
      body: table + #"every 60 "j" { lookup :set "v" "table:map" "k"; event "v" "${v}"; }"#,
      values: ["on"], lines: ["event event=v value1=on rule=j"]),
    Case(
      body: table + #"every 60 "j" { if lookup "table:map" "k" { event "hit"; } }"#, lines: []),
    Case(
      body: table + #"every 60 "j" { lookup :set "v" "table:map" "k"; event "v" "${v}"; }"#,
      values: nil,
      lines: [
        #"failed=table reason="table map: gone" rule=j answered=tempfail"#,
        "given up: failed=table",
      ]),
    Case(
      body: table
        + #"every 60 "j" { on_error :table "continue"; lookup "table:map" "k"; event "v"; }"#,
      values: nil,
      lines: [#"failed=table reason="table map: gone" rule=j answered=continue"#]),
    Case(
      body: #"every 60 "j" { notify :to "ann@example.com" "hello"; }"#,
      lines: ["a notice failed: full"]),
    Case(body: #"mode "observe"; every 60 "j" { event "tick"; }"#, lines: []),
  ]

  @Test(arguments: cases) func says(_ item: Case) async throws {
    let current = try Self.current(item.body, item.values)
    let said = await JobRun(current: current, index: 0, name: "j").lines()
    #expect(said == item.lines.map { "every j: " + $0 })
  }

  /// A list was read again, and the policy has no such job any more.
  @Test func aJobThatIsNoMore() async throws {
    let current = try Self.current(#"phase mail { rule "r" { log "x"; } }"#, nil)
    #expect(await JobRun(current: current, index: 0, name: "j").lines() == [])
  }
}
