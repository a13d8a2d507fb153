// The tests beside the policies of rules/ pass and cover them wholly.
import Foundation
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

@testable import PolicyTests

struct PolicyFilesTests {
  static let files: [String] = {
    let folder = Repository.root.appending(path: "rules").path
    guard case .success(let files) = PolicyTestRunner.files([folder]) else { return [] }
    return files
  }()

  @Test func starterHasTests() {
    #expect(Self.files.contains { $0.hasSuffix("/starter.rulestest") })
  }

  @Test(arguments: files) func policy(_ path: String) {
    let coverage = CoverageReport()
    let runner = PolicyTestRunner(coverage: coverage, load: Self.load)
    let result = runner.run(path)
    #expect(result.diagnostics == "")
    #expect(result.results.count > 1)
    for test in result.results where !test.isPassed {
      Issue.record("\(TestReport.text(test))")
    }
    #expect(coverage.total.percent == 100, "\(coverage.text)")
  }

  /// Each example of docs/TESTING.md is a test file that passes.
  @Test func manualExamples() throws {
    let url = Repository.root.appending(path: "docs/TESTING.md")
    let manual = try String(contentsOf: url, encoding: .utf8)
    let examples = manual.components(separatedBy: "```rulestest\n").dropFirst()
    #expect(!examples.isEmpty)
    for example in examples {
      let text = example.components(separatedBy: "\n```")[0] + "\n"
      let path = Repository.root.appending(path: "rules/example.rulestest").path
      let result = RulesTestRunner(
        path: path, load: Self.load, filter: { _ in true }, coverage: nil
      ).run(Array(text.utf8))
      #expect(result.diagnostics == "")
      #expect(result.results.count > 1)
      #expect(result.results.flatMap(\.failures) == [])
    }
  }

  private static func load(_ paths: [String]) -> PolicyLoad {
    var sources = SourceSet(access: TestFiles.access)
    for path in paths {
      guard case .success(let bytes) = TestFiles.read(path) else { return .failed(path) }
      let folder = URL(filePath: path).deletingLastPathComponent().path
      _ = sources.add(SourceFile(name: path, directory: folder, bytes: bytes))
    }
    var options = CompilerOptions()
    options.countsBranches = true
    let result = Compiler.compilation(sources, options: options)
    guard let program = result.program, let verified = try? VerifiedProgram(program) else {
      return .failed(DiagnosticPrinter(sources: result.sources).text(result.diagnostics))
    }
    let (tables, troubles) = TableStore.load(program, skipping: []) { path, limit in
      try? TestFiles.read(path, limit: limit).get()
    }
    guard troubles.isEmpty else { return .failed("\(troubles)") }
    return .loaded(LoadedPolicy(verified, tables: tables), sources: result.sources)
  }
}
