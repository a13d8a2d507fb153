// What `facts` and `explain` list: every fact, every code, and what a policy needs.

import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleCommands

struct ListingTests {
  @Test func everyFactHasALine() {
    let names = (FactLine.single + FactLine.families).map(\.name)
    #expect(names.count == Fact.allCases.count + FactFamily.allCases.count)
    #expect(Set(names).count == names.count)
    let lines = FactLine.text(FactLine.single).split(separator: "\n")
    #expect(lines.count == Fact.allCases.count)
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test(arguments: [
    ("client.ip", "address  all "), ("tls.bits", "number   from helo "),
    ("rcpt.host", "text     rcpt "), ("part.size", "number   part "),
    ("subject", "text     from headers "),
  ])
  func aLineSaysTypeAndPhases(name: String, rest: String) throws {
    let text = FactLine.text(FactLine.single)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
    #expect(line.dropFirst(name.count).drop { $0 == " " }.hasPrefix(rest), "\(line)")
  }

  @Test func everyCodeIsListedOnce() {
    let codes = CodeLine.all.map(\.code)
    #expect(Set(codes) == Set(ProblemCode.allCases.map(\.rawValue)))
    #expect(Set(codes).count == codes.count)
    #expect(CodeLine.text.hasPrefix("S001  a character without a meaning\n"))
  }

  private func needs(_ source: String) throws -> NeedsReport {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "policy.rules", bytes: Array(source.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    let text = DiagnosticPrinter(sources: sources).text(diagnostics)
    return NeedsReport(of: try #require(program, "\(text)"))
  }

  @Test func whatAPolicyNeeds() throws {
    let report = try needs(
      """
      require ["defang", "variables"];
      on_error :dns "continue";
      phase rcpt {
        rule "r" {
          if allof (dnsbl "zen.example.org", string :is "${rcpt.mailer}${macro.j}" "esmtp") {
            reject "No";
          }
        }
      }
      """)
    #expect(report.phases == ["rcpt"] && report.verdicts == ["rcpt"])
    #expect(report.facts.map(\.name) == ["client.ip", "rcpt.mailer"])
    #expect(report.macros["rcpt"] == ["j", "{rcpt_mailer}"])
    #expect(report.macros["connect"] == ["j"])
    #expect(report.checks == ["dnsbl"])
    #expect(!report.reads.header && !report.reads.body && !report.changes.header)
    #expect(
      report.text.hasPrefix(
        """
        phases       rcpt
        verdicts in  rcpt
        reads        –
        changes      –
        checks       dnsbl
        begin early  connect: dnsbl zen.example.org
        macros       connect: j

        """))
  }

  @Test func aPolicyThatChangesMail() throws {
    let report = try needs(
      """
      require "defang";
      phase part { rule "p" { if part :is "kind" "executable" { drop; } } }
      phase eom { rule "h" { addheader "X-Score" "${score}"; } }
      """)
    #expect(report.reads.contentTypes && report.reads.body && report.reads.header)
    #expect(report.changes.header && report.changes.body && !report.changes.envelope)
    #expect(report.text.contains("\nreads        header, body, types of parts\n"))
    #expect(report.text.contains("\nchanges      header, body\n"))
  }

  @Test func aPolicyThatNeedsNothing() throws {
    let report = try needs("require \"defang\";")
    #expect(report.phases == [] && report.facts.isEmpty && report.macros.isEmpty)
    #expect(report.text.hasPrefix("phases       –\n"))
    #expect(report.refused.isEmpty && !report.text.contains("refuses"))
  }
}
