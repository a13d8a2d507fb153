// The whole way of a policy: source files to a program, or to what is wrong with them.

package import RuleBytecode

/// What a program is made for.
package struct CompilerOptions: Equatable, Sendable {
  /// Each condition reports its outcome, as a coverage count needs it; costs an instruction where a
  /// condition is more than one test.
  package var countsBranches = false
  /// The commands of test suites are there, and the runner plays what delivers mail.
  package var isTestSuite = false

  package init() {}
}

/// What became of a policy.
package struct Compilation: Sendable {
  /// Nil when there is an error; warnings alone leave it.
  package let program: Program?
  package let diagnostics: Diagnostics
  /// The files given, and behind them those they name of which a message speaks.
  package let sources: SourceSet
}

/// The compiler of the rules language.
package struct Compiler {
  /// `compilation` for files that name no others.
  package static func compile(
    _ sources: SourceSet, limits: CompilerLimits = .standard,
    options: CompilerOptions = CompilerOptions()
  ) -> (program: Program?, diagnostics: Diagnostics) {
    let result = compilation(sources, limits: limits, options: options)
    return (result.program, result.diagnostics)
  }

  /// Compiles the files of one policy, in their order.
  package static func compilation(
    _ sources: SourceSet, limits: CompilerLimits = .standard,
    options: CompilerOptions = CompilerOptions()
  ) -> Compilation {
    var sources = sources
    var diagnostics = Diagnostics(limits: limits)
    let program = program(of: &sources, limits, options, &diagnostics)
    return Compilation(
      program: diagnostics.hasErrors ? nil : program, diagnostics: diagnostics, sources: sources)
  }

  private static func program(
    of sources: inout SourceSet, _ limits: CompilerLimits, _ options: CompilerOptions,
    _ diagnostics: inout Diagnostics
  ) -> Program? {
    let linked = Linker.link(
      &sources, limits, options.isTestSuite ? SuiteSheet.vocabulary : .language, &diagnostics)
    guard let script = Checker.check(linked, &sources, options, limits, diagnostics: &diagnostics)
    else { return nil }
    let result = ProgramEmitter.emit(script, sources, options)
    if let place = result.tooLarge {
      diagnostics.report(.flow(.tooComplex("policy")), at: place)
    }
    // The runner of a suite gives each test fuel of its own.
    if let program = result.program, !options.isTestSuite {
      checkCost(program, result.ruleRanges, limits, &diagnostics)
      WaitingTime.check(program, result.ruleRanges, &diagnostics)
    }
    return result.program
  }

  /// Over budget is an error that names the rule with the largest share.
  private static func checkCost(
    _ program: Program, _ ranges: [SourceRange], _ limits: CompilerLimits,
    _ diagnostics: inout Diagnostics
  ) {
    guard let verified = try? VerifiedProgram(program) else { return }
    let cost = CostEstimate.estimate(verified, caps: limits.inputs)
    guard cost.largest > limits.budget.fuel, let dominant = cost.dominant,
      let index = dominant.rule.rule
    else { return }
    let problem = FlowProblem.costOverBudget(
      rule: program.string(program.rules[Int(index)].name), fuel: dominant.rule.fuel,
      all: cost.largest, budget: limits.budget.fuel,
      mostly: dominant.rule.terms.first?.what ?? "")
    diagnostics.report(.flow(problem), at: ranges[Int(index)])
  }
}
