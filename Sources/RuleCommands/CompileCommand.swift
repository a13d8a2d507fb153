// `defang-rulec PATH…`: check, or compile to an image.
internal import ArgumentParser
internal import RuleBytecode
internal import RuleCompiler

struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Check a policy, or compile it to an image (the default).",
    discussion: """
      Several files are one policy, in that order; '-' is standard input. In a
      directory each .rules file is a policy of its own.

      Examples:
        defang-rulec --check policy.rules
        defang-rulec --check --format json rules/
        defang-rulec --check --format sarif rules/ > rules.sarif
        defang-rulec --check --fix policy.rules
        defang-rulec -o policy.drc policy.rules
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

  @Flag(help: "Print diagnostics only; silent when the policy is fine.")
  var check = false

  @Option(name: .shortAndLong, help: "Where the image goes; '-' is standard output.")
  var output: String?

  @Flag(help: "With --check: carry out the safe fixes, then print what is left.")
  var fix = false

  @Option(help: "How diagnostics are printed: text, json (one object a line) or sarif.")
  var format = Format.text

  @Flag(help: "Warnings count as errors.")
  var warningsAsErrors = false

  @OptionGroup var trust: FileGuard.Options

  @ArgumentParser.Argument(help: "Policy files or directories.")
  var paths: [String]

  func validate() throws {
    if fix && !check { throw ValidationError("--fix belongs to --check") }
    if fix && paths.contains("-") { throw ValidationError("standard input cannot be fixed") }
  }

  func run() throws {
    let policies = try PolicyFiles.policies(paths)
    guard check || policies.count == 1 else {
      throw ValidationError("several policies cannot become one image; name one, or use --check")
    }
    let watch = trust.guardian
    var isBad = false
    var programs: [Program] = []
    var records: [DiagnosticRecord] = []
    for policy in policies {
      let (program, diagnostics, sources) = try compile(
        PolicyFiles.sources(policy, guard: watch))
      records += diagnostics.shown.map { DiagnosticRecord($0, sources: sources) }
      if format == .text { print(diagnostics, sources) }
      if let program { programs.append(program) } else { isBad = true }
      if warningsAsErrors, diagnostics.warningCount > 0 { isBad = true }
    }
    print(records)
    if watch?.hasRefused == true { throw Exit.distrusted }
    if isBad { throw Exit.badData }
    if !check, let program = programs.first { try write(program) }
  }

  private func compile(
    _ sources: SourceSet
  ) throws -> (program: Program?, diagnostics: Diagnostics, sources: SourceSet) {
    guard fix else {
      let result = Compiler.compilation(sources)
      return (result.program, result.diagnostics, result.sources)
    }
    let outcome = PolicyFixer.mend(sources)
    do throws(Files.Trouble) {
      try PolicyFixer.write(outcome)
    } catch {
      throw fail(Exit.cannotCreate, error.message)
    }
    if outcome.mendedCount > 0 {
      let names = outcome.changed.sorted().map { outcome.sources.files[$0].name }
      Output.error("fixed \(outcome.mendedCount) in \(names.joined(separator: ", "))\n")
    }
    return (outcome.program, outcome.diagnostics, outcome.sources)
  }

  private func print(_ diagnostics: Diagnostics, _ sources: SourceSet) {
    let style: DiagnosticPrinter.Style = Output.isColourWanted ? .colour : .plain
    Output.error(DiagnosticPrinter(sources: sources, style: style).text(diagnostics))
  }

  private func print(_ records: [DiagnosticRecord]) {
    switch format {
    case .text: break
    case .json: for record in records { Output.out(JSONText.line(DiagnosticJSON(record))) }
    case .sarif: Output.out(JSONText.pretty(SarifLog(records)))
    }
  }

  private func write(_ program: Program) throws {
    let image = program.image()
    _ = try PolicyFiles.verified(program)
    let path = output ?? Self.defaultOutput(paths[0])
    if path == "-" {
      Output.out(image)
      return
    }
    do throws(Files.Trouble) {
      try Files.write(image, to: path)
    } catch {
      throw fail(Exit.cannotCreate, error.message)
    }
  }

  /// `policy.rules` becomes `policy.drc`.
  static func defaultOutput(_ path: String) -> String {
    if path == "-" { return "-" }
    return (path.hasSuffix(".rules") ? String(path.dropLast(6)) : path) + ".drc"
  }
}
