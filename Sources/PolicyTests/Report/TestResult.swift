// What came of tests, as values; the report files word them.

package struct TestPlace: Hashable, Sendable {
  package let file: String
  package let line: Int
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var text: String { "\(file):\(line):\(column)" }
}

/// One thing that was expected and came out differently.
package struct Difference: Equatable, Sendable {
  /// What is compared: "verdict", "reply", "header Subject".
  package let what: String
  package let expected: String
  package let got: String

  package init(_ what: String, expected: String, got: String) {
    self.what = what
    self.expected = expected
    self.got = got
  }
}

package struct TestFailure: Equatable, Sendable {
  package let place: TestPlace
  /// The source line, for the reader's eyes.
  package let source: String
  /// Why, in one line, where it is no comparison.
  package var reason: String?
  package var differences: [Difference] = []

  package init(
    place: TestPlace, source: String, reason: String? = nil, differences: [Difference] = []
  ) {
    self.place = place
    self.source = source
    self.reason = reason
    self.differences = differences
  }
}

package struct TestResult: Equatable, Sendable {
  package let name: String
  package let place: TestPlace
  package var failures: [TestFailure] = []

  package init(name: String, place: TestPlace, failures: [TestFailure] = []) {
    self.name = name
    self.place = place
    self.failures = failures
  }

  package var isPassed: Bool { failures.isEmpty }
}

/// The tests of one file.
package struct FileResult: Sendable {
  package let path: String
  package var results: [TestResult] = []
  /// Diagnostics of the file or of its policy, as text; a file with errors has one failed result.
  package var diagnostics = ""
  /// It has errors, so none of its tests ran.
  package var isBroken = false

  package init(path: String) { self.path = path }
}
