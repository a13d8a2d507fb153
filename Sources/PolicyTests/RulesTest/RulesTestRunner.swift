// Runs one `.rulestest` file: reads it, gets its policy, plays each test.
internal import RuleBytecode
package import RuleCompiler
package import RuleVM

/// What became of a policy that a test file names.
package enum PolicyLoad {
  /// - Parameter sources: nil for an image, which has none.
  case loaded(LoadedPolicy, sources: SourceSet?)
  /// What is wrong with it, as text.
  case failed(String)
}

struct RulesTestRunner {
  let path: String
  let load: ([String]) -> PolicyLoad
  let filter: (String) -> Bool
  let coverage: CoverageReport?

  func run(_ bytes: [UInt8]) -> FileResult {
    var result = FileResult(path: path)
    var sources = SourceSet()
    let source = SourceFile(name: path, bytes: bytes)
    let index = sources.add(source)
    var diagnostics = Diagnostics()
    let script = Parser.parse(
      source, file: index, vocabulary: RulesTestSheet.commands.vocabulary,
      diagnostics: &diagnostics)
    let file = RulesTestReader.read(script, sources, &diagnostics) { name in
      TestFiles.read(TestFiles.path(name, besideFile: path))
    }
    let policy = diagnostics.hasErrors ? nil : policy(of: file, &diagnostics, &result)
    result.diagnostics += DiagnosticPrinter(sources: sources).text(diagnostics)
    guard let policy else {
      result.isBroken = true
      let failure = TestFailure(
        place: TestPlace(file: path, line: 1, column: 1), source: "",
        reason: "the test file has errors")
      result.results = [TestResult(name: path, place: failure.place, failures: [failure])]
      return result
    }
    for test in file.tests where filter(test.name) {
      result.results.append(run(test, file, policy, sources))
    }
    return result
  }

  /// The policy that the file names, or the one of the same name.
  private func policy(
    of file: RulesTestFile, _ diagnostics: inout Diagnostics, _ result: inout FileResult
  ) -> LoadedPolicy? {
    let start = SourceRange(file: 0, bytes: 0..<0)
    var paths = file.policy.map { TestFiles.path($0, besideFile: path) }
    if paths.isEmpty {
      let own = path.dropLast(".rulestest".count) + ".rules"
      guard TestFiles.exists(String(own)) else {
        let name = own.split(separator: "/").last.map(String.init) ?? String(own)
        diagnostics.report(.test(.noPolicy(expected: name)), at: start)
        return nil
      }
      paths = [String(own)]
    }
    for (name, path) in zip(file.policy, paths) where !TestFiles.exists(path) {
      diagnostics.report(
        .test(.unreadableFile(name, reason: "there is no such file")),
        at: file.policyRange ?? start)
      return nil
    }
    switch load(paths) {
    case .loaded(let policy, let sources):
      let names = PolicyNames(policy.program.program)
      for name in file.names {
        if let mistake = names.mistake(of: name) { diagnostics.report(mistake, at: name.range) }
      }
      if diagnostics.hasErrors { return nil }
      if let sources { coverage?.declare(policy.program.program, sources) }
      return policy
    case .failed(let text):
      result.diagnostics += text
      diagnostics.report(
        .test(.policyDoesNotCompile(paths.joined(separator: " "))), at: file.policyRange ?? start)
      return nil
    }
  }

  private func run(
    _ test: PolicyTest, _ file: RulesTestFile, _ policy: LoadedPolicy, _ sources: SourceSet
  ) -> TestResult {
    let session = TestSession(
      policy, defaults: file.defaults, steps: test.steps, coverage: coverage)
    var result = TestResult(name: test.name, place: Self.place(of: test.range, sources))
    result.failures = session.play().map { range, differences in
      TestFailure(
        place: Self.place(of: range ?? test.range, sources),
        source: Self.line(of: range ?? test.range, sources), differences: differences)
    }
    return result
  }

  static func place(of range: SourceRange, _ sources: SourceSet) -> TestPlace {
    guard let file = sources.file(of: range) else { return TestPlace(file: "", line: 1, column: 1) }
    let found = file.position(ofByte: range.bytes.lowerBound)
    return TestPlace(file: file.name, line: found.line, column: found.column)
  }

  static func line(of range: SourceRange, _ sources: SourceSet) -> String {
    guard let file = sources.file(of: range) else { return "" }
    return file.text(file.bytes(ofLine: place(of: range, sources).line))
  }
}
