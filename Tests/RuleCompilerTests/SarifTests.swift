// The SARIF form, read back as a viewer reads it, and fixing until nothing is left to fix.

import Foundation
import Testing

@testable import RuleCommands
@testable import RuleCompiler

struct SarifTests {
  private static let text = """
    require "defang";
    table :inline ["10.0.0.1/8"] :type "cidr" "near";
    phase connect { rule "a" { if ip "client" "table:neer" { stop; } } }
    phase eom { rule "a" { stop; } rule "ü" { log "${x}"; } }
    """

  private struct Region: Decodable, Equatable {
    let startLine: Int
    let startColumn: Int
    let endLine: Int
    let endColumn: Int
    let byteOffset: Int
    let byteLength: Int
  }
  private struct Message: Decodable { let text: String }
  private struct Artifact: Decodable { let uri: String }
  private struct Physical: Decodable {
    let artifactLocation: Artifact
    let region: Region
  }
  private struct Location: Decodable {
    let physicalLocation: Physical
    let message: Message?
    let id: Int?
  }
  private struct Replacement: Decodable {
    let deletedRegion: Region
    let insertedContent: Message
  }
  private struct Change: Decodable {
    let artifactLocation: Artifact
    let replacements: [Replacement]
  }
  private struct Fix: Decodable {
    let description: Message
    let artifactChanges: [Change]
  }
  private struct Result: Decodable {
    let ruleId: String
    let ruleIndex: Int
    let level: String
    let message: Message
    let locations: [Location]
    let relatedLocations: [Location]?
    let fixes: [Fix]?
  }
  private struct Help: Decodable {
    let text: String
    let markdown: String
  }
  private struct Rule: Decodable {
    let id: String
    let shortDescription: Message
    let fullDescription: Message
    let help: Help
  }
  private struct Driver: Decodable {
    let name: String
    let rules: [Rule]
  }
  private struct Tool: Decodable { let driver: Driver }
  private struct Run: Decodable {
    let tool: Tool
    let columnKind: String
    let results: [Result]
  }
  private struct Log: Decodable {
    let version: String
    let runs: [Run]
  }

  private func log(_ text: String, name: String) throws -> Run {
    let compiled = Compiled(files: [(name, text)])
    let records = compiled.diagnostics.shown.map { DiagnosticRecord($0, sources: compiled.sources) }
    let json = JSONText.pretty(SarifLog(records))
    let log = try JSONDecoder().decode(Log.self, from: Data(json.utf8))
    #expect(log.version == "2.1.0")
    return try #require(log.runs.first)
  }

  @Test func everyDiagnosticIsAResult() throws {
    let run = try log(Self.text, name: "rules/my policy.rules")
    #expect(run.results.map(\.ruleId) == ["L005", "D010", "D008", "D013"])
    #expect(run.results.map(\.level) == ["warning", "error", "error", "warning"])
    #expect(run.columnKind == "unicodeCodePoints")
    for result in run.results {
      let rule = run.tool.driver.rules[result.ruleIndex]
      #expect(rule.id == result.ruleId)
      #expect(rule.help.text.contains(rule.shortDescription.text))
      #expect(rule.help.markdown.contains(rule.fullDescription.text))
      #expect(result.message.text.hasSuffix("."))
      #expect(
        result.locations.map(\.physicalLocation.artifactLocation.uri)
          == ["rules/my%20policy.rules"])
    }
  }

  @Test func placesNotesAndFixesAreThere() throws {
    let run = try log(Self.text, name: "/etc/p.rules")
    let host = run.results[0]
    #expect(
      host.locations[0].physicalLocation.region
        == Region(
          startLine: 2, startColumn: 16, endLine: 2, endColumn: 28, byteOffset: 33, byteLength: 12))
    let change = try #require(host.fixes?.first?.artifactChanges.first)
    #expect(change.artifactLocation.uri == "file:///etc/p.rules")
    #expect(change.replacements.map(\.insertedContent.text) == ["\"10.0.0.0/8\""])
    #expect(change.replacements[0].deletedRegion == host.locations[0].physicalLocation.region)
    let double = run.results[2]
    let note = try #require(double.relatedLocations?.first)
    #expect(note.message?.text == "rule \"a\" is declared here")
    #expect(note.physicalLocation.region.startLine == 3)
    #expect(double.fixes == nil)
    #expect(host.relatedLocations == nil)
  }

  /// Columns count scalars, bytes bytes.
  @Test func columnsBehindLettersBeyondASCII() throws {
    let run = try log(Self.text, name: "p.rules")
    let region = try #require(run.results.last).locations[0].physicalLocation.region
    #expect(region.startColumn == 48 && region.endColumn == 52 && region.byteLength == 4)
    let line = Self.text.split(separator: "\n")[3]
    let before = Self.text.utf8.count - line.utf8.count
    #expect(region.byteOffset == before + 48)
  }

  @Test func nothingWrongIsAnEmptyRun() throws {
    let run = try log("require \"defang\"; phase eom { rule \"a\" { stop; } }", name: "p.rules")
    #expect(run.results.isEmpty && run.tool.driver.rules.isEmpty)
  }

  /// Each round of fixes may show the next mistake.
  @Test func fixingGoesOnUntilNothingIsLeft() {
    let text = """
      require "defang";
      phase headers {
        rule "a" { if header "Subject:" :contain "x" { reject :code 550 "no" } }
      }
      """
    let outcome = PolicyFixer.mend(Compiled(text).sources)
    #expect(outcome.changed == [0])
    #expect(outcome.mendedCount == 5)
    #expect(outcome.diagnostics.shown.isEmpty)
    #expect(outcome.program != nil)
    #expect(
      String(decoding: outcome.sources.files[0].bytes, as: UTF8.self).contains(
        "if header :contains \"Subject\" \"x\" { reject :code \"550\" \"no\"; }"))
  }

  @Test func whatHasNoFixIsLeftAsItIs() {
    let compiled = Compiled(
      "require \"defang\"; phase eom { rule \"a\" { accept; reject \"no\"; } }")
    let outcome = PolicyFixer.mend(compiled.sources)
    #expect(outcome.changed.isEmpty && outcome.mendedCount == 0)
    #expect(outcome.diagnostics.shown.map(\.problem.code) == [.acceptAndReject])
  }
}
