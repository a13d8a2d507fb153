// Our own suites in the dialect of Sieve test suites: each test of each file passes.
import Foundation
import Testing

@testable import PolicyTests

struct SuiteTests {
  static let files: [String] = TestFiles.tests(
    below: Repository.root.appending(path: "Tests/PolicyTestsTests/Suite").path)

  @Test func areThere() {
    #expect(Self.files.count >= 3)
  }

  @Test(arguments: files) func suite(_ path: String) {
    let runner = PolicyTestRunner { _ in .failed("a suite names no policy") }
    let result = runner.run(path)
    #expect(result.diagnostics == "")
    #expect(result.results.count > 1)
    for test in result.results where !test.isPassed {
      Issue.record("\(TestReport.text(test))")
    }
  }
}
