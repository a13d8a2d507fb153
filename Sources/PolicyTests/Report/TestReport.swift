// What all tests came to, in the forms that people and machines read.
internal import FoundationEssentials
internal import RuleVM

package struct TestReport: Sendable {
  package private(set) var files: [FileResult] = []

  package init() {}

  package mutating func add(_ file: FileResult) { files.append(file) }

  package var results: [TestResult] { files.flatMap(\.results) }
  package var passedCount: Int { results.count { $0.isPassed } }
  package var failedCount: Int { results.count { !$0.isPassed } }

  /// The last line.
  package var summary: String { "\(passedCount) passed, \(failedCount) failed" }

  // MARK: Text

  /// A failed test for people; nothing for one that passed.
  package static func text(_ result: TestResult) -> String {
    var lines: [String] = []
    for failure in result.failures {
      lines.append("\(failure.place.text): failed: \(TraceText.printable(result.name))")
      let source = failure.source.drop { $0 == " " || $0 == "\t" }
      if !source.isEmpty { lines.append("    " + TraceText.printable(String(source))) }
      if let reason = failure.reason { lines.append("    " + TraceText.printable(reason)) }
      if !failure.differences.isEmpty { lines += SideBySide.lines(failure.differences) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: TAP 14

  package var tap: String {
    var lines = ["TAP version 14", "1..\(results.count)"]
    for (index, result) in results.enumerated() {
      let name = TraceText.printable(result.name).replacing(["#"], with: ["\\", "#"])
      lines.append("\(result.isPassed ? "ok" : "not ok") \(index + 1) - \(name)")
      if result.isPassed { continue }
      lines += Self.text(result).split(separator: "\n").map { "# " + $0 }
    }
    lines.append("# " + summary)
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: JUnit

  package var junit: String {
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites tests=\"\(results.count)\" failures=\"\(failedCount)\">",
    ]
    for file in files {
      let failed = file.results.count { !$0.isPassed }
      lines.append(
        "  <testsuite name=\"\(Self.escaped(file.path))\" tests=\"\(file.results.count)\" "
          + "failures=\"\(failed)\" errors=\"0\">")
      for result in file.results { lines += Self.junit(result, file) }
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private static func junit(_ result: TestResult, _ file: FileResult) -> [String] {
    let head =
      "    <testcase classname=\"\(escaped(file.path))\" name=\"\(escaped(result.name))\" "
      + "file=\"\(escaped(file.path))\" line=\"\(result.place.line)\""
    guard let first = result.failures.first else { return [head + "/>"] }
    let message =
      first.reason
      ?? first.differences.map { difference in
        "\(difference.what): expected \(difference.expected), got \(difference.got)"
      }.joined(separator: "; ").replacingLineEnds()
    return [
      head + ">",
      "      <failure message=\"\(escaped(message))\">\(escaped(text(result)))</failure>",
      "    </testcase>",
    ]
  }

  /// XML 1.0 §2.2: what no XML may hold was made visible before; what it would read is escaped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      default:
        if scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
          result += "\u{FFFD}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
