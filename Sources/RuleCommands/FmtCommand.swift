// `defang-rulec fmt`: sources in their one form.
internal import ArgumentParser
internal import RuleCompiler

struct FmtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Lay out sources: two blanks an indent, lines of at most 100 columns.",
    discussion: """
      Comments, strings and texts are kept byte for byte, and the meaning is
      compared before anything is written. Without an option the result goes to
      standard output. In a directory all .rules and .rulestest files are meant;
      '-' is standard input.

      A block on one line stays on it while it fits; a list with each entry on
      a line of its own stays so.

      Examples:
        defang-rulec fmt policy.rules
        defang-rulec fmt -w policy.rules rules/
        defang-rulec fmt --check rules/      exit status 1 when a file would change
      """)

  @Flag(help: "Print the names of files that would change, and change none.")
  var check = false

  @Flag(name: .shortAndLong, help: "Write the result back into each file that changes.")
  var write = false

  @ArgumentParser.Argument(help: "Source files or directories.")
  var paths: [String]

  func validate() throws {
    if check && write { throw ValidationError("use --check or --write, not both") }
    if write && paths.contains("-") {
      throw ValidationError("--write needs files; standard input cannot be written to")
    }
  }

  func run() throws {
    var isBad = false
    var isUnformatted = false
    for path in try PolicyFiles.sourcePaths(paths) {
      let limits = CompilerLimits.standard
      let bytes = try PolicyFiles.read(path, limit: limits.sourceBytesMax)
      guard let result = try formatted(path, bytes) else {
        isBad = true
        continue
      }
      if check {
        guard result != bytes else { continue }
        Output.out("\(path)\n")
        isUnformatted = true
      } else if !write {
        Output.out(result)
      } else if result != bytes {
        guard Descriptor.replace(path: path, with: result) else {
          throw fail(Exit.cannotCreate, "\(path) cannot be written")
        }
      }
    }
    if isBad { throw Exit.badData }
    if isUnformatted { throw Exit.foundFailures }
  }

  /// Nil when the file does not parse, which has been said.
  private func formatted(_ path: String, _ bytes: [UInt8]) throws -> [UInt8]? {
    var sources = SourceSet()
    let source = SourceFile(name: path == "-" ? "stdin" : path, bytes: bytes)
    let file = sources.add(source)
    var diagnostics = Diagnostics()
    switch SourceFormatter.format(source, file: file, diagnostics: &diagnostics) {
    case .formatted(let result): return result
    case .notParsed:
      let style: DiagnosticPrinter.Style = Output.isColourWanted ? .colour : .plain
      Output.error(DiagnosticPrinter(sources: sources, style: style).text(diagnostics))
      return nil
    case .tooLarge:
      Output.error("defang-rulec: \(path) would be larger than a source may be; left as it is\n")
      return nil
    case .wouldDiffer:
      throw fail(Exit.ourFault, "\(path) would change its meaning; left as it is")
    }
  }
}
