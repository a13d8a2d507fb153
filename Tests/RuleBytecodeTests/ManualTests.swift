// The manuals made from data: docs/OPCODES.md and docs/PHASES.md are what the sheets say.
// DEFANG_RECORD=1 writes them anew and fails that run, so that nobody records by habit.

import Foundation
import Testing

@testable import RuleBytecode

struct ManualTests {
  static let files = ["OPCODES.md", "PHASES.md"]

  private static func text(of file: String) -> String {
    file == "OPCODES.md" ? OpcodeManual.text : PhaseManual.text
  }

  private static let docs = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

  @Test(arguments: files)
  func fileIsWhatTheSheetsSay(file: String) throws {
    let url = Self.docs.appending(path: file)
    let text = Self.text(of: file)
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(text.utf8).write(to: url, options: .atomic)
      Issue.record("docs/\(file) was recorded: review it, then run without DEFANG_RECORD")
      return
    }
    let recorded = try String(contentsOf: url, encoding: .utf8)
    let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard old != new else { return }
    let line = zip(old, new).prefix { $0 == $1 }.count
    let (was, wanted) = (line < old.count ? old[line] : "", line < new.count ? new[line] : "")
    Issue.record("docs/\(file):\(line + 1) has \(was), the sheets say \(wanted)")
  }

  /// A cell with a bar of its own would shift all cells behind it.
  @Test(arguments: files)
  func rowsHaveTheirTablesWidth(file: String) {
    var width: Int?
    for line in Self.text(of: file).split(separator: "\n", omittingEmptySubsequences: false) {
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      guard line.hasPrefix("|") else {
        width = nil
        continue
      }
      #expect(bars == width ?? bars, "\(line)")
      width = bars
    }
  }
}
