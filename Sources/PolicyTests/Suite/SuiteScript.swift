// A script that a suite compiles and runs.
internal import RuleBytecode
internal import RuleCompiler

struct SuiteScript {
  let path: String
  private(set) var program: VerifiedProgram?
  /// What is wrong with it, one text each, as `test_error` sees them.
  private(set) var errors: [String] = []

  /// Reads and compiles a script.
  /// - Parameter suite: the file whose folders hold what the script includes.
  init(path: String, suite: String, settings: SuiteSettings) {
    self.path = path
    guard case .success(let bytes) = TestFiles.read(path, limit: 8 << 20) else {
      errors = ["script '\(path)' cannot be read"]
      return
    }
    var sources = TestFiles.sources(ofSuite: suite)
    _ = sources.add(SourceFile(name: path, bytes: bytes))
    var options = CompilerOptions()
    options.isTestSuite = true
    let result = Compiler.compilation(
      sources, limits: settings.compilerLimits, options: options)
    errors = SuiteWording.errors(result.diagnostics, result.sources)
    program = result.program.flatMap { try? VerifiedProgram($0) }
  }

  /// The script of an image.
  init?(path: String, image: [UInt8]) {
    guard let program = try? VerifiedProgram(image: image) else { return nil }
    self.path = path
    self.program = program
  }

  var image: [UInt8]? { program?.program.image() }
}
