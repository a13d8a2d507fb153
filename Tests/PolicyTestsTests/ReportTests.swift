// The forms of a report.
import Foundation
import Testing

@testable import PolicyTests

struct ReportTests {
  private static let report: TestReport = {
    var report = TestReport()
    var file = FileResult(path: "a&b.rulestest")
    let place = TestPlace(file: "a&b.rulestest", line: 3, column: 1)
    file.results = [
      TestResult(name: "fine # really", place: place),
      TestResult(
        name: "bad <one>\u{1B}", place: place,
        failures: [
          TestFailure(
            place: place, source: "  expect :code \"1\";",
            differences: [Difference("code", expected: "1", got: "2\r\n\u{7}")])
        ]),
    ]
    report.add(file)
    return report
  }()

  @Test func sums() {
    #expect(Self.report.summary == "1 passed, 1 failed")
  }

  @Test func text() {
    #expect(TestReport.text(Self.report.results[0]) == "")
    #expect(
      TestReport.text(Self.report.results[1]) == """
        a&b.rulestest:3:1: failed: bad <one>\\u{1b}
            expect :code "1";
                         expected                         got
            code         1                              | 2
                                                        | \\u{7}

        """)
  }

  @Test func tap() {
    let lines = Self.report.tap.split(separator: "\n")
    let head = ["TAP version 14", "1..2", "ok 1 - fine \\# really", "not ok 2 - bad <one>\\u{1b}"]
    #expect(lines.prefix(4).map(String.init) == head)
    #expect(lines.dropFirst(4).filter { !$0.hasPrefix("#") } == [])
  }

  /// Well-formed XML whatever names and texts hold.
  @Test func junit() throws {
    let text = Self.report.junit
    #expect(text.contains("<testsuites tests=\"2\" failures=\"1\">"))
    #expect(text.contains("name=\"bad &lt;one&gt;\u{FFFD}\""))
    #expect(text.contains("classname=\"a&amp;b.rulestest\""))
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    #expect(
      !text.replacingOccurrences(
        of: "&(amp|lt|gt|quot|#10);", with: "",
        options: .regularExpression
      ).contains("&"))
  }

  /// A long equal beginning is left out, a long rest is counted.
  @Test func longTexts() {
    let many = (1...100).map { "line \($0)" }
    var other = many
    other[50] = "changed"
    let lines = SideBySide.lines([
      Difference(
        "message", expected: many.joined(separator: "\n"), got: other.joined(separator: "\r\n"))
    ])
    #expect(lines[1].contains("… 48 equal lines"))
    #expect(lines.filter { $0.contains(" | ") }.count == 1)
    #expect(lines.last?.contains("… 28 more lines") == true)
    #expect(lines.map(\.count).max() ?? 0 <= 80)
  }

  @Test(arguments: [
    ("abc", "*", true), ("abc", "a?c", true), ("abc", "a*d", false), ("", "*", true),
    ("", "?", false), ("a*c", "a\\*c", true), ("abc", "a\\*c", false), ("aXbXc", "*X?", true),
    ("é", "?", true), ("aaab", "*a*b", true), ("abc", "abc", true), ("abc", "ab", false),
  ]) func patterns(_ subject: String, _ pattern: String, _ matches: Bool) {
    #expect(TextPattern(match: .matches, text: pattern).accepts(subject) == matches)
  }
}
