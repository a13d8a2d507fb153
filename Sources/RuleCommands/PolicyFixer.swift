// `--check --fix`: carries out the safe fix-its of a policy, again and again until there are none,
// and writes each changed file whole. What a fix uncovers is mended in the next round.
internal import RuleBytecode
internal import RuleCompiler

enum PolicyFixer {
  /// A fix may show the next mistake, and a hundred diagnostics are shown at a time.
  private static let roundsMax = 20

  struct Outcome {
    var sources: SourceSet
    var diagnostics: Diagnostics
    var program: Program?
    /// Diagnostics that were mended.
    var mendedCount = 0
    /// Indices of the files that are other than they were.
    var changed: Set<Int> = []
  }

  /// Mends what can be mended, in memory.
  static func mend(_ sources: SourceSet) -> Outcome {
    let first = Compiler.compilation(sources)
    var outcome = Outcome(
      sources: first.sources, diagnostics: first.diagnostics, program: first.program)
    for _ in 0..<roundsMax {
      // Files that these include are mended when they are named themselves.
      let fixable = outcome.diagnostics.shown.filter {
        $0.fixIts.allSatisfy { $0.range.file < sources.files.count }
      }
      let fix = FixApplication.apply(fixable, to: outcome.sources)
      if fix.mendedCount == 0 { break }
      var next = SourceSet(access: sources.access)
      for (index, file) in outcome.sources.files.enumerated() {
        if fix.files[index] != file.bytes { outcome.changed.insert(index) }
        guard index < sources.files.count else { continue }
        let mended = SourceFile(
          name: file.name, directory: file.directory, bytes: fix.files[index])
        _ = next.add(mended)
      }
      let result = Compiler.compilation(next)
      outcome.mendedCount += fix.mendedCount
      outcome.sources = result.sources
      outcome.diagnostics = result.diagnostics
      outcome.program = result.program
    }
    return outcome
  }

  /// Writes the changed files.
  static func write(_ outcome: Outcome) throws(Files.Trouble) {
    for index in outcome.changed.sorted() {
      let file = outcome.sources.files[index]
      guard Descriptor.replace(path: file.name, with: file.bytes) else {
        throw Files.Trouble(message: "\(file.name) cannot be written")
      }
    }
  }
}
