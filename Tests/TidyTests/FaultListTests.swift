// docs/FAULTS.md names a test for each fault: each must be there.

import Foundation
import Testing

struct FaultListTests {
  private static let page = try? String(
    contentsOf: SourceTree.root.appending(path: "docs/FAULTS.md"), encoding: .utf8)

  /// `SuiteTests` and `SuiteTests.function` in backticks.
  private static let named: [(suite: String, function: String?)] = {
    let quoted = (page ?? "").split(separator: "`", omittingEmptySubsequences: false)
    // Every other piece stands between two backticks.
    return quoted.indices.filter { !$0.isMultiple(of: 2) }.map { quoted[$0] }
      .filter { !$0.contains("/") && $0.contains("Tests") }
      .map { name in
        let parts = name.split(separator: ".")
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
      }
  }()

  @Test func thereAreEnough() { #expect(Self.named.count >= 90) }

  @Test(arguments: Set(named.map { "\($0.suite) \($0.function ?? "")" }).sorted())
  func aTestIsThere(_ name: String) {
    let words = name.split(separator: " ").map(String.init)
    let suites = SourceTree.files.filter { file in
      file.path.hasPrefix("Tests/") && file.isSwift
        && ["struct", "class", "extension"].contains { file.text.contains("\($0) \(words[0]) {") }
    }
    #expect(!suites.isEmpty, "no suite \(words[0])")
    guard words.count > 1 else { return }
    #expect(
      suites.contains { $0.text.contains("func \(words[1])(") },
      "no test \(words[1]) in \(words[0])")
  }

  /// A line without a test says why.
  @Test func everyLineHasATestOrAReason() {
    for line in (Self.page ?? "").split(separator: "\n") where line.hasPrefix("| ") {
      guard !line.hasPrefix("| fault ") else { continue }
      #expect(
        line.contains("Tests") || line.contains("not tested:") || line.contains("tools/"), "\(line)"
      )
    }
  }
}
