// Test files and policies from source text.
import Foundation
import RuleBytecode
import RuleCompiler
import RuleVM

@testable import PolicyTests

enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}

/// Compiles what a test file names: every name is the one policy given.
func compiling(
  _ policy: String, countsBranches: Bool = false
) -> ([String]) -> PolicyLoad {
  { _ in
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "p.rules", bytes: Array(policy.utf8)))
    var options = CompilerOptions()
    options.countsBranches = countsBranches
    let (program, diagnostics) = Compiler.compile(sources, options: options)
    guard let program, let verified = try? VerifiedProgram(program) else {
      return .failed(DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    return .loaded(LoadedPolicy(verified), sources: sources)
  }
}

/// Runs a test file against a policy. The policy it names is this source file, which is there.
func run(
  _ tests: String, on policy: String, filter: @escaping (String) -> Bool = { _ in true },
  coverage: CoverageReport? = nil
) -> FileResult {
  let named = tests.contains("policy ") ? tests : "policy \"\(#filePath)\";" + tests
  return RulesTestRunner(
    path: "t.rulestest", load: compiling(policy, countsBranches: coverage != nil),
    filter: filter, coverage: coverage
  ).run(Array(named.utf8))
}
