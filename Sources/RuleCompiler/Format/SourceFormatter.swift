// `defang-rulec fmt`: a source in its one form. Only what stands between tokens changes: each token
// and each comment is copied byte for byte, so numbers keep their K, strings their escapes and
// words their case. Trusts the parser for the shape; the result is read again and compared with
// the original before anybody gets it. Linear in the bytes of the source.
//
// The form: two blanks for each block and list, at most 100 columns where the tokens allow it, one
// blank line where there were several. Three things are the author's: a block on one line, a list
// with each entry on its own line and a chain `if … else …` on one line stay so while they fit.

/// Lays out policies.
package enum SourceFormatter {
  /// A line is wrapped when it would have more columns; a column is a Unicode scalar.
  package static let columnsMax = 100
  package static let indentColumns = 2

  package enum Outcome: Equatable, Sendable {
    /// All bytes of the file as they should be.
    case formatted([UInt8])
    /// It does not parse; the diagnostics say why.
    case notParsed
    /// Formatted it would exceed a limit that it keeps now, nearly always that of a source's bytes.
    case tooLarge
    /// The result would mean something else: a fault of the formatter, so nothing is given out.
    case wouldDiffer
  }

  /// Formats one file. What the parser finds goes to `diagnostics`, warnings as well.
  package static func format(
    _ source: SourceFile, file: Int, limits: CompilerLimits = .standard,
    diagnostics: inout Diagnostics
  ) -> Outcome {
    var found = Diagnostics(limits: limits)
    let script = Parser.parse(source, file: file, limits: limits, diagnostics: &found)
    let isParsed = !found.hasErrors
    for diagnostic in found.shown { diagnostics.report(diagnostic) }
    guard isParsed else { return .notParsed }
    let words = FormatSource(source, limits: limits)
    var builder = LayoutBuilder(words)
    guard let layout = builder.build() else { return .wouldDiffer }
    var writer = LayoutWriter(words, bytesMax: limits.sourceBytesMax)
    writer.write(layout)
    if writer.isOverfull { return .tooLarge }
    let result = SourceFile(name: source.name, bytes: writer.bytes, limits: limits)
    return check(result, against: words, script, limits) ? .formatted(writer.bytes) : .wouldDiffer
  }

  /// Whether the result has the same tokens and comments in the same order and parses to the same
  /// tree. Either would do; together they do not depend on one piece of code being right.
  private static func check(
    _ result: SourceFile, against words: FormatSource, _ script: Script, _ limits: CompilerLimits
  ) -> Bool {
    var diagnostics = Diagnostics(limits: limits)
    let again = Parser.parse(result, file: script.file, limits: limits, diagnostics: &diagnostics)
    guard !diagnostics.hasErrors else { return false }
    return words.hasSameWords(as: FormatSource(result, limits: limits))
      && again.means(sameAs: script)
  }
}
