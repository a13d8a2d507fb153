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

/// The compiler of the rules language.
package struct Compiler {
  /// Compiles the files of one policy, in their order. The program is nil when there is an error;
  /// warnings alone leave it.
  package static func compile(
    _ sources: SourceSet, limits: CompilerLimits = .standard,
    options: CompilerOptions = CompilerOptions()
  ) -> (program: Program?, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics(limits: limits)
    let scripts = sources.files.enumerated().map { index, source in
      Parser.parse(
        source, file: index, limits: limits,
        vocabulary: options.isTestSuite ? SuiteSheet.vocabulary : .language,
        diagnostics: &diagnostics)
    }
    guard let script = Checker.check(scripts, sources, options, diagnostics: &diagnostics) else {
      return (nil, diagnostics)
    }
    let result = ProgramEmitter.emit(script, sources, options)
    if let place = result.tooLarge {
      diagnostics.report(.flow(.tooComplex("policy")), at: place)
    }
    guard let program = result.program else { return (nil, diagnostics) }
    // The runner of a suite gives each test fuel of its own.
    if !options.isTestSuite { checkCost(program, result.ruleRanges, limits, &diagnostics) }
    return (diagnostics.hasErrors ? nil : program, diagnostics)
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
