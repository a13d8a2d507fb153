// What a policy says of its scanners reaches them.
import RuleBytecode
import RuleCompiler
import Scanners
import Testing

@testable import LiveChecks

struct ScannerPlanTests {
  private static func plan(_ declared: String) throws -> ScannerPlan {
    let program = try PolicyText.program(
      """
      require "defang"; on_error :scanner "tempfail";
      program ["/usr/bin/x", "--file=%f"] :timeout 7 "x";
      \(declared)
      phase eom { rule "r" { if scan "s" { discard; } log "${scan.s.symbols}"; } }
      """)
    let own = try #require(program.declaration(.scanner, named: "s"))
    return try ScannerPlan(own, program)
  }

  @Test func hostsInTurn() throws {
    let plan = try Self.plan(#"scanner :clamd "unix:/run/c, inet:3310@b" "s";"#)
    #expect(plan.hosts == [.unix(path: "/run/c"), .inet(host: "b", port: 3_310)])
    let web = try Self.plan(#"scanner :icap "icap://a,b:99/av?x=1" "s";"#)
    #expect(web.hosts == [.inet(host: "a", port: 1_344), .inet(host: "b", port: 99)])
    #expect(web.kind == .icap(service: "av?x=1"))
  }

  @Test func limits() throws {
    let plan = try Self.plan(
      #"scanner :rspamd "inet:1@b" :size 5M :calls 3 :timeout 9 "s";"#)
    #expect(plan.limits.messageBytesMax == 5_242_880)
    #expect(plan.limits.callsMax == 3)
    #expect(plan.limits.timeoutMilliseconds == 9_000)
    #expect(
      try Self.plan(#"scanner :rspamd "inet:1@b" "s";"#).limits == ScannerLimits(for: .rspamd))
  }

  @Test func whoAsksSpamd() throws {
    let plan = try Self.plan(#"scanner :spamd "inet:1@b" :user "ann" "s";"#)
    #expect(plan.kind == .spamd([.symbols], user: "ann"))
  }

  @Test(
    arguments: [
      ("", [0: ScanResult.Word.clean, 1: .infected]),
      (#":infected ["2", "3"]"#, [0: .clean, 2: .infected, 3: .infected]),
      (#":spam "1" :suspicious "0""#, [0: .suspicious, 1: .spam]),
      (#":clean ["0", "255"] :infected "1""#, [0: .clean, 255: .clean, 1: .infected]),
    ] as [(String, [Int32: ScanResult.Word])])
  func whatExitCodesMean(_ tags: String, _ meanings: [Int32: ScanResult.Word]) throws {
    let plan = try Self.plan("scanner :program \"x\" \(tags) \"s\";")
    let program = ScanProgram(
      name: "x", words: ["/usr/bin/x", "--file=%f"], timeoutMilliseconds: 7_000,
      meanings: meanings)
    #expect(plan.kind == .program(program))
    #expect(plan.hosts == [.program(name: "x")])
  }

  /// A question waits as long as its call says, else its scanner's declaration, else 30 s.
  @Test(arguments: [
    (#"scanner :clamd "unix:/c" "s";"#, "", 30_000),
    (#"scanner :clamd "unix:/c" :timeout 9 "s";"#, "", 9_000),
    (#"scanner :clamd "unix:/c" :timeout 9 "s";"#, ":timeout 4", 4_000),
    (#"scanner :program "x" "s";"#, "", 7_000),
  ])
  func howLongAQuestionWaits(_ declared: String, _ tag: String, _ milliseconds: UInt32) throws {
    let program = try PolicyText.program(
      """
      require "defang"; on_error :scanner "tempfail"; program ["/usr/bin/x"] :timeout 7 "x";
      \(declared)
      phase eom { rule "r" { if scan \(tag) "s" { discard; } } }
      """)
    #expect(program.checks.map(\.timeoutMilliseconds) == [milliseconds])
  }
}

/// A policy as tests write it.
enum PolicyText {
  static func program(_ text: String) throws -> Program {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    guard let program else {
      throw LiveFailure(DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    return program
  }
}
