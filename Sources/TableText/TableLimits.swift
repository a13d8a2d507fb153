// Every limit of list files by name. Each is tested at the limit and one past it.

internal import RuleBytecode

package struct TableLimits: Equatable, Sendable {
  package var fileBytesMax = 64 << 20
  package var lineBytesMax = 8_192
  /// Entries of one table when its declaration does not say `:max`.
  package var entriesMax = 1_000_000
  /// Sections `[ann@example.com]` of one table.
  package var sectionsMax = 100_000
  /// Lines of a table of patterns: all are tried on each text.
  package var patternsMax = ByteCost.tablePatternsMax
  /// Steps that one byte of a text may cost, of all patterns together.
  package var patternWeightMax = ByteCost.tablePatternWeightMax
  /// Problems of one file that are kept.
  package var problemsMax = 20

  package init() {}
}
