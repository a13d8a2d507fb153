// The list of figures as documents have it: docs/FIGURES.md is recorded from the sheet, and what is
// made of that page for Grafana and Prometheus names figures that there are.

import Foundation
import MailLab
import Testing

@testable import Figures

struct FigureListTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static var page: String {
    let head = """
      # Figures

      What `defangd --metrics ADDRESS` gives to Prometheus. This page is recorded from the program's
      own list (`Sources/Figures/FigureSheet.swift`) by `DEFANG_RECORD=1 swift test --filter
      FiguresTests`. Histograms have the series `_bucket`, `_sum` and `_count`, in seconds.

      | figure | kind | labels | meaning |
      |---|---|---|---|

      """
    let lines = FigureSheet.all.map { info in
      let labels = info.labels.map { "`\($0)`" }.joined(separator: " ")
      return "| `\(info.name)` | \(info.kind.rawValue) | \(labels) | \(info.meaning) |\n"
    }
    return head + lines.joined()
  }

  @Test func thePageIsRecorded() throws {
    let file = Self.root.appending(path: "docs/FIGURES.md")
    let page = Self.page
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(page.utf8).write(to: file)
      Issue.record("docs/FIGURES.md was recorded: review it")
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == page)
  }

  @Test func whatIsMadeOfItIsNew() throws {
    let run = try ToolRun(
      ["/usr/bin/python3", Self.root.appending(path: "tools/make-dashboard.py").path, "--check"])
    #expect(run.status == .code(0), "run tools/make-dashboard.py")
  }

  @Test(arguments: ["grafana-dashboard.json", "alerts.yml"])
  func everyNameIsAFigure(name: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: "contrib/\(name)"), encoding: .utf8)
    let names = text.matches(of: /(?:defang|process)_[a-z_]+/).map { String($0.output) }
    #expect(Set(names).count > 8)
    for used in names {
      let bare = ["_bucket", "_sum", "_count"].reduce(used) { name, end in
        name.hasSuffix(end) ? String(name.dropLast(end.count)) : name
      }
      #expect(
        FigureSheet.info(used) != nil || FigureSheet.info(bare)?.kind == .histogram, "\(used)")
    }
  }
}
