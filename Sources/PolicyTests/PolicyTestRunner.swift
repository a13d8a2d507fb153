// `defang-rulec test`: finds the test files and runs each by its kind.
internal import RuleCompiler

package struct PolicyTestRunner {
  private let load: ([String]) -> PolicyLoad
  private let filter: String?
  private let coverage: CoverageReport?

  /// - Parameters:
  ///   - filter: only tests whose name contains this.
  ///   - coverage: takes what the tests cover.
  ///   - load: compiles the policy that these paths are.
  package init(
    filter: String? = nil, coverage: CoverageReport? = nil,
    load: @escaping ([String]) -> PolicyLoad
  ) {
    self.filter = filter
    self.coverage = coverage
    self.load = load
  }

  /// The test files that paths mean: directories are searched.
  package static func files(_ paths: [String]) -> Result<[String], TestFiles.Trouble> {
    var files: [String] = []
    for path in paths {
      if TestFiles.isDirectory(path + "/") {
        files += TestFiles.tests(below: path)
      } else if !TestFiles.exists(path) {
        return .failure(.init(reason: "\(path): there is no such file"))
      } else if !TestFiles.isTest(path) {
        return .failure(.init(reason: "\(path): a test file ends in .rulestest or .svtest"))
      } else {
        files.append(path)
      }
    }
    return .success(files)
  }

  package func run(_ path: String) -> FileResult {
    switch TestFiles.read(path, limit: CompilerLimits.standard.sourceBytesMax) {
    case .success(let bytes) where path.hasSuffix(".svtest"):
      return SuiteRunner(path: path, filter: isWanted).run(bytes)
    case .success(let bytes):
      return RulesTestRunner(path: path, load: load, filter: isWanted, coverage: coverage)
        .run(bytes)
    case .failure(let trouble):
      var result = FileResult(path: path)
      let place = TestPlace(file: path, line: 1, column: 1)
      let failure = TestFailure(place: place, source: "", reason: trouble.reason)
      result.results = [TestResult(name: path, place: place, failures: [failure])]
      return result
    }
  }

  private func isWanted(_ name: String) -> Bool {
    guard let filter else { return true }
    return TextPattern(match: .contains, text: filter).accepts(name)
  }
}
