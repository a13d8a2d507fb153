// `defang-rulec test`: policy tests, `.rulestest` and `.svtest`.
internal import ArgumentParser
internal import Checks
internal import PolicyTests
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run policy tests.",
    discussion: """
      Directories are searched for .rulestest and .svtest files. Nothing asks the
      network: a check without an answer in the test has failed.

      Examples:
        defang-rulec test policy.rulestest
        defang-rulec test rules/ --coverage --minimum 90
        defang-rulec test rules/ --filter spam --junit report.xml

      Exit status: 0 all passed, 1 a test failed or the coverage is too low, 64 there
      was no test to run.
      """)

  @ArgumentParser.Argument(help: "Test files or directories.")
  var paths: [String]
  @Option(help: "Run only tests whose name contains this.")
  var filter: String?
  @Option(help: "Write a JUnit report to this file; '-' is standard output.")
  var junit: String?
  @Flag(help: "Print the Test Anything Protocol.")
  var tap = false
  @Flag(help: "Print one JSON object a test, and one with the sums.")
  var json = false
  @Flag(help: "Say which rules and branches of the policies were covered.")
  var coverage = false
  @Option(help: "Fail when less than this percentage is covered; implies --coverage.")
  var minimum: Int?

  func validate() throws {
    if let minimum, !(0...100).contains(minimum) {
      throw ValidationError("--minimum is a percentage from 0 to 100")
    }
    if tap, json { throw ValidationError("--tap and --json exclude each other") }
  }

  func run() throws {
    let files: [String]
    switch PolicyTestRunner.files(paths) {
    case .success(let found): files = found
    case .failure(let trouble): throw fail(Exit.noInput, trouble.reason)
    }
    guard !files.isEmpty else {
      let places = paths.joined(separator: ", ")
      throw fail(Exit.usage, "no .rulestest or .svtest file below \(places)")
    }
    let covered = coverage || minimum != nil ? CoverageReport() : nil
    let runner = PolicyTestRunner(filter: filter, coverage: covered) { paths in
      load(paths, countsBranches: covered != nil)
    }
    var report = TestReport()
    for file in files {
      let result = runner.run(file)
      Output.error(result.diagnostics)
      if !tap { show(result) }
      report.add(result)
    }
    guard !report.results.isEmpty else {
      let reason = filter.map { "no test has '\($0)' in its name" } ?? "there are no tests"
      throw fail(Exit.usage, "\(reason) in \(paths.joined(separator: ", "))")
    }
    try finish(report, measured(covered, report))
  }

  /// The coverage, unless it would say something of tests that did not run.
  private func measured(
    _ covered: CoverageReport?, _ report: TestReport
  ) -> CoverageReport? {
    guard let covered else { return nil }
    if report.files.contains(where: { $0.path.hasSuffix(".svtest") }) {
      Output.error("defang-rulec: note: scripts of .svtest files are not measured\n")
    }
    if report.files.contains(where: \.isBroken) {
      Output.error("defang-rulec: note: the coverage is not told, since a test file has errors\n")
      return nil
    }
    return report.files.allSatisfy { $0.path.hasSuffix(".svtest") } ? nil : covered
  }

  private func show(_ file: FileResult) {
    for result in file.results {
      if json {
        Output.out(JSONText.line(TestResultJSON(result)))
      } else if junit != "-" {
        Output.out(TestReport.text(result))
      }
    }
  }

  private func finish(_ report: TestReport, _ covered: CoverageReport?) throws {
    if tap { Output.out(report.tap) }
    if let junit { try write(report.junit, junit) }
    let isPlain = !tap && !json && junit != "-"
    if let covered, isPlain { Output.out(covered.text) }
    if json {
      Output.out(JSONText.line(TestSumJSON(report, covered)))
    } else if isPlain {
      Output.out(report.summary + "\n")
    }
    if let minimum, covered == nil {
      throw fail(ExitCode(1), "nothing was measured, \(minimum)% wanted")
    }
    if let minimum, let percent = covered?.total.percent, percent < minimum {
      throw fail(ExitCode(1), "\(percent)% covered, \(minimum)% wanted")
    }
    if report.failedCount > 0 { throw ExitCode(1) }
  }

  private func write(_ text: String, _ path: String) throws {
    if path == "-" {
      Output.out(text)
      return
    }
    do throws(Files.Trouble) {
      try Files.write(Array(text.utf8), to: path)
    } catch {
      throw fail(Exit.cannotCreate, error.message)
    }
  }

  private func load(_ paths: [String], countsBranches: Bool) -> PolicyLoad {
    if paths.count == 1, paths[0].hasSuffix(".drc") {
      guard let program = try? PolicyFiles.load(paths) else { return .failed("") }
      return .loaded(ready(program), sources: nil)
    }
    guard let sources = try? PolicyFiles.sources(paths) else { return .failed("") }
    var options = CompilerOptions()
    options.countsBranches = countsBranches
    let result = Compiler.compilation(sources, options: options)
    guard let program = result.program else {
      return .failed(DiagnosticPrinter(sources: result.sources).text(result.diagnostics))
    }
    guard let verified = try? PolicyFiles.verified(program) else { return .failed("") }
    return .loaded(ready(verified), sources: result.sources)
  }

  /// With its lists. One that is not there is not answered, unless a test answers for it.
  private func ready(_ program: VerifiedProgram) -> LoadedPolicy {
    LoadedPolicy(
      program, tables: PolicyFiles.tables(of: program).tables,
      suffixes: try? SuffixFile.list(for: program.program))
  }
}

/// A test as one JSON line.
private struct TestResultJSON: Encodable {
  struct DifferenceJSON: Encodable {
    let what: String
    let expected: String
    let got: String
  }
  struct FailureJSON: Encodable {
    let location: String
    let source: String
    let reason: String?
    let differences: [DifferenceJSON]
  }

  let test: String
  let location: String
  let passed: Bool
  let failures: [FailureJSON]

  init(_ result: TestResult) {
    test = result.name
    location = result.place.text
    passed = result.isPassed
    failures = result.failures.map { failure in
      FailureJSON(
        location: failure.place.text, source: failure.source, reason: failure.reason,
        differences: failure.differences.map {
          DifferenceJSON(what: $0.what, expected: $0.expected, got: $0.got)
        })
    }
  }
}

/// The sums behind the tests' lines.
private struct TestSumJSON: Encodable {
  struct CoverageJSON: Encodable {
    let file: String
    let rules: [Int]
    let branches: [Int]
    let missing: [String]
  }

  let passed: Int
  let failed: Int
  let percent: Int?
  let coverage: [CoverageJSON]?

  init(_ report: TestReport, _ covered: CoverageReport?) {
    passed = report.passedCount
    failed = report.failedCount
    percent = covered?.total.percent
    coverage = covered?.files.map { file in
      CoverageJSON(
        file: file.file, rules: [file.rules.covered, file.rules.total],
        branches: [file.branches.covered, file.branches.total], missing: file.missing)
    }
  }
}
