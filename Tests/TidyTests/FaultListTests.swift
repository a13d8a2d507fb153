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

  /// The functions of each type of the tests.
  private static let suites: [String: Set<String>] = {
    var all: [String: Set<String>] = [:]
    for file in SourceTree.files where file.path.hasPrefix("Tests/") && file.isSwift {
      let words = file.text.split { $0.isWhitespace || $0 == "(" || $0 == ":" }
      let pairs = zip(words, words.dropFirst())
      let functions = pairs.filter { $0.0 == "func" }.map { String($0.1) }
      for (word, name) in pairs where ["struct", "class", "extension"].contains(word) {
        all[String(name), default: []].formUnion(functions)
      }
    }
    return all
  }()

  @Test func thereAreEnough() { #expect(Self.named.count >= 90) }

  @Test(arguments: Set(named.map { "\($0.suite) \($0.function ?? "")" }).sorted())
  func aTestIsThere(_ name: String) throws {
    let words = name.split(separator: " ").map(String.init)
    let functions = try #require(Self.suites[words[0]], "no suite \(words[0])")
    if words.count > 1 {
      #expect(functions.contains(words[1]), "no test \(words[1]) in \(words[0])")
    }
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
