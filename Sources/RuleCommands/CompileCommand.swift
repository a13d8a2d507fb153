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
        defang-rulec -o policy.drc policy.rules
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Flag(help: "Print diagnostics only; silent when the policy is fine.")
  var check = false

  @Option(name: .shortAndLong, help: "Where the image goes; '-' is standard output.")
  var output: String?

  @Option(help: "How diagnostics are printed: text or json (one object a line).")
  var format = Format.text

  @Flag(help: "Warnings count as errors.")
  var warningsAsErrors = false

  @ArgumentParser.Argument(help: "Policy files or directories.")
  var paths: [String]

  func run() throws {
    let policies = try PolicyFiles.policies(paths)
    guard check || policies.count == 1 else {
      throw ValidationError("several policies cannot become one image; name one, or use --check")
    }
    var isBad = false
    var programs: [Program] = []
    for policy in policies {
      let sources = try PolicyFiles.sources(policy)
      let (program, diagnostics) = Compiler.compile(sources)
      print(diagnostics, sources)
      if let program { programs.append(program) } else { isBad = true }
      if warningsAsErrors, diagnostics.warningCount > 0 { isBad = true }
    }
    if isBad { throw Exit.badData }
    if !check, let program = programs.first { try write(program) }
  }

  private func print(_ diagnostics: Diagnostics, _ sources: SourceSet) {
    switch format {
    case .text:
      let style: DiagnosticPrinter.Style = Output.isColourWanted ? .colour : .plain
      Output.error(DiagnosticPrinter(sources: sources, style: style).text(diagnostics))
    case .json:
      for diagnostic in diagnostics.shown {
        Output.out(JSONText.line(DiagnosticJSON(DiagnosticRecord(diagnostic, sources: sources))))
      }
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
