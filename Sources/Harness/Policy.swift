// The public face of the core for Benchmarks/ and Fuzz/, which are packages of their own. It adds
// nothing: each function calls what the program itself calls. Not an interface for users.
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

/// A policy, compiled and verified.
public struct Policy: Sendable {
  /// As `defang-rulec` would write it.
  public let image: [UInt8]
  let loaded: LoadedPolicy

  /// Compiles a source; what is wrong with it is the failure's message.
  /// - Parameter hasBudget: false for a policy whose worst case is not the matter.
  public init(
    source: String, name: String = "policy.rules", hasBudget: Bool = true
  ) throws(PolicyFailure) {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: name, bytes: Array(source.utf8)))
    var limits = CompilerLimits.standard
    if !hasBudget { limits.budget.fuel = .max }
    let (program, diagnostics) = Compiler.compile(sources, limits: limits)
    guard let program else {
      throw PolicyFailure(message: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    try self.init(image: program.image())
  }

  /// Loads and verifies an image.
  /// - Parameter hasSieves: false to match all patterns one by one.
  public init(image: [UInt8], hasSieves: Bool = true) throws(PolicyFailure) {
    do throws(Flaw) {
      loaded = LoadedPolicy(try VerifiedProgram(image: image), hasSieves: hasSieves)
    } catch {
      throw PolicyFailure(message: error.message)
    }
    self.image = image
  }

  public var instructionCount: Int { loaded.program.program.code.count }
}

/// Why there is no policy, in words.
public struct PolicyFailure: Error {
  public let message: String
}
