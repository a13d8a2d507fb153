// What `run` tells of recipients when the message is not simply delivered, and what the daemon
// would refuse.

import PolicyTests
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

@testable import RuleCommands

struct RunReportTests {
  private func program(_ source: String) throws -> Program {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "p.rules", bytes: Array(source.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    let text = DiagnosticPrinter(sources: sources).text(diagnostics)
    return try #require(program, "\(text)")
  }

  @Test(arguments: [
    ("discard;", "discard"), ("tempfail \"later\";", "tempfail"), ("quarantine;", "quarantine"),
    ("log \"x\";", "accept"),
  ]) func recipientsShareTheFate(_ command: String, _ fate: String) throws {
    let program = try program("require \"defang\"; phase eom { rule \"r\" { \(command) } }")
    let driver = SessionDriver(
      policy: LoadedPolicy(try VerifiedProgram(program)), sessionID: "t", now: { 0 },
      answer: { .failed($0.kind.failure, reason: "not answered") })
    driver.connect(ClientDescription())
    driver.helo("h.example")
    driver.mail("a@b.example")
    driver.recipient("bob@example.com")
    driver.data()
    driver.message(Array("Subject: x\r\n\r\n".utf8))
    let text = RunReport(driver.played()).text
    #expect(text.contains("to:      bob@example.com: \(fate)\n"), "\(text)")
  }

  @Test func whatTheDaemonRefuses() throws {
    let program = try program(
      """
      require "fileinto";
      fileinto "Junk";
      """)
    let text = NeedsReport(of: program).text
    let section = try #require(text.firstRange(of: "\nthis version's daemon refuses\n"))
    let lines = text[section.upperBound...].split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains("'fileinto'") == true)
  }
}
