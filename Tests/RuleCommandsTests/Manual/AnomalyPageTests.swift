// The texts about anomalies: each has all that it should, fits a page, and docs/ANOMALIES.md is
// made of them. DEFANG_RECORD=1 writes the document anew and fails that run.

import Foundation
import RuleBytecode
import Testing

@testable import RuleCommands

struct AnomalyPageTests {
  private static let document = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/ANOMALIES.md")

  @Test(arguments: AnomalyName.allCases)
  func saysAllThatItShould(name: AnomalyName) {
    let page = AnomalyPage.of(name)
    for text in [page.what, page.clients, page.policy] {
      #expect(text.hasSuffix(".") && text.count >= 30, "\(text)")
      #expect(!text.contains("\n") && !text.contains("  "), "\(text)")
    }
    #expect(
      !page.example.isEmpty && page.example.split(separator: "\n").allSatisfy { $0.count < 110 })
    // Each is about its own anomaly.
    let others = AnomalyName.allCases.filter { $0 != name }.map { AnomalyPage.of($0).what }
    #expect(!others.contains(page.what))
  }

  @Test func aPageOfATerminalHasItAll() {
    let text = AnomalyPage.text(.boundaryConflict)
    #expect(text.hasPrefix("boundary-conflict  boundaries that disagree"))
    #expect(text.contains("(high)\n") && text.contains("\n  Example:\n"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func theDocumentIsMadeOfThem() throws {
    let made = AnomalyPage.document
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(made.utf8).write(to: Self.document, options: .atomic)
      Issue.record("docs/ANOMALIES.md was recorded: review it")
      return
    }
    let old = try String(contentsOf: Self.document, encoding: .utf8)
    #expect(old == made, "DEFANG_RECORD=1 swift test --filter AnomalyPageTests")
    for name in AnomalyName.allCases { #expect(old.contains("\n## \(name.name)\n")) }
  }
}
